package org.usageledger.running;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the answer, ordered by kind and guid.
 *
 * @param asOf of the walk's first page, whichever page this is
 * @param next null at the end
 */
public record RunningPage(
        AsOf asOf, List<RunningResource> running, @Nullable PageToken next) {}
