package org.usageledger.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.usageledger.decision.RunCommand.EndRun;
import org.usageledger.event.StoredForm;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.Run;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Condition;
import org.usageledger.log.Fence;
import org.usageledger.log.LogAppender;
import org.usageledger.log.LoggedEvent;
import org.usageledger.log.NewEvent;
import org.usageledger.log.Outcome;
import org.usageledger.log.ResourceReader;
import org.usageledger.log.Trace;

/** Many commands at once: one statement tells where their resources stand, another one brings what sizes them, and one request records what was decided. */
public final class BulkDecision {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final ResourceReader resources;
    private final LogAppender appender;
    private final Duration deadline;

    /** @param deadline how long to wait for the appender's answer; longer than its own */
    public BulkDecision(ResourceReader resources, LogAppender appender, Duration deadline) {
        this.resources = resources;
        this.appender = appender;
        this.deadline = deadline;
    }

    /** As {@link Decisions#decideAll}. */
    public List<Answer> decideAll(List<RunCommand> commands, Optional<Fence> fence) {
        check(commands);
        List<Trace> traces =
                resources.traces(commands.stream().map(RunCommand::resource).toList());
        List<Standing> standings = traces.stream().map(Standing::of).toList();
        Map<Long, LoggedEvent> sizings = sizings(commands, standings);
        Request request = new Request(commands.size());
        StoredForm stored = new StoredForm();
        for (int i = 0; i < commands.size(); i++) {
            Standing standing = standings.get(i);
            Long missing = sizedAt(commands.get(i), standing);
            if (missing != null) {
                LoggedEvent sizing = sizings.get(missing);
                if (sizing == null) {
                    // Its run was ended and pruned since it was looked at.
                    request.answer(i, new Answer.Overtaken(0));
                    continue;
                }
                standing = standing.sizedBy(stored.decode(sizing.kind(), StoredForm.FORMAT, sizing.body()));
            }
            request.take(
                    i, Rules.decide(standing, commands.get(i)), traces.get(i).upTo());
        }
        return request.carryOut(fence);
    }

    private static void check(List<RunCommand> commands) {
        Set<Resource> distinct = new HashSet<>();
        for (RunCommand command : commands) {
            if (!distinct.add(command.resource())) {
                throw new IllegalArgumentException("two commands of one bulk are about " + command.resource());
            }
        }
    }

    private Map<Long, LoggedEvent> sizings(List<RunCommand> commands, List<Standing> standings) {
        List<Long> positions = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            Long position = sizedAt(commands.get(i), standings.get(i));
            if (position != null) {
                positions.add(position);
            }
        }
        return resources.at(positions);
    }

    private static @Nullable Long sizedAt(RunCommand command, Standing standing) {
        return command instanceof EndRun && standing.run() instanceof Run.Open open ? open.sized() : null;
    }

    /** The answers as they become known, and what is to be recorded for those that are not. */
    private final class Request {
        private final @Nullable Answer[] answers;
        private final List<Integer> places = new ArrayList<>();
        private final List<NewEvent> events = new ArrayList<>();
        private final List<Condition> conditions = new ArrayList<>();

        Request(int commands) {
            answers = new Answer[commands];
        }

        void answer(int place, Answer answer) {
            answers[place] = answer;
        }

        void take(int place, Decision decision, long upTo) {
            switch (decision) {
                case Decision.Refuse refuse -> answer(place, new Answer.Refused(refuse.why()));
                case Decision.Append append -> add(place, append.event(), upTo);
                case Decision.KeepAside aside -> add(place, aside.stop(), upTo);
            }
        }

        private void add(int place, NewEvent event, long upTo) {
            places.add(place);
            events.add(event);
            conditions.add(new Condition(event.resource().orElseThrow(), upTo));
        }

        List<Answer> carryOut(Optional<Fence> fence) {
            if (!events.isEmpty()) {
                AppendResult result =
                        await(new AppendRequest(events, AppendRequest.OnConflict.SKIP_EVENT, conditions, fence));
                for (int i = 0; i < places.size(); i++) {
                    answers[places.get(i)] = answer(result, i);
                }
            }
            List<Answer> all = new ArrayList<>(answers.length);
            for (Answer answer : answers) {
                if (answer == null) {
                    throw new IllegalStateException("a command was left without an answer");
                }
                all.add(answer);
            }
            return List.copyOf(all);
        }

        private static Answer answer(AppendResult result, int event) {
            if (result instanceof AppendResult.Done done) {
                Outcome outcome = done.outcomes().get(event);
                return Answer.of(outcome);
            }
            return Answer.of(result);
        }
    }

    private AppendResult await(AppendRequest request) {
        try {
            return appender.append(request).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new AppendResult.Unknown(RETRY_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new AppendResult.Unknown(RETRY_AFTER);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the appender answered with a fault of its own", e.getCause());
        }
    }
}
