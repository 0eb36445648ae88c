package org.usageledger.jobs.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps a node that hands over from being drained. */
class HandoverTest {

    @ParameterizedTest(name = "{0} working, passing {1}, taken {2}, looked {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            # working | passing | taken | looked | blocker
            # nothing was ever taken and a pass went through
            0         | false   | 0     | 0      |
            # nothing was ever taken and no pass went through
            0         | false   | 0     | -1     | NOT_LOOKED
            # an execution is carried out
            1         | false   | 3     | 9      | WORKING
            # an execution is carried out and a pass is under way
            1         | true    | 3     | 9      | WORKING
            # a pass is under way
            0         | true    | 3     | 9      | PASSING
            # the pass began before the last execution was taken
            0         | false   | 4     | 3      | NOT_LOOKED
            # the pass began right after the last was taken
            0         | false   | 4     | 4      |
            # the pass began later
            0         | false   | 4     | 9      |
            """)
    void is_told(long working, boolean passing, long taken, long looked, Handover.Blocker blocker) {
        assertThat(new Handover(working, passing, taken, looked).blocker()).isEqualTo(Optional.ofNullable(blocker));
    }
}
