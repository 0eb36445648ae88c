package org.usageledger.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.usageledger.event.EventIdentity;
import org.usageledger.event.StoredForm;
import org.usageledger.event.UnreadableBody;
import org.usageledger.lifecycle.Resource;
import org.usageledger.lifecycle.Run;
import org.usageledger.log.AppendRequest;
import org.usageledger.log.AppendResult;
import org.usageledger.log.Condition;
import org.usageledger.log.Cursor;
import org.usageledger.log.CursorRefusal;
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
            Optional<Answer> groundless =
                    groundless(commands.get(i), traces.get(i).upTo());
            if (groundless.isPresent()) {
                request.answer(i, groundless.get());
                continue;
            }
            Standing standing = standings.get(i);
            Long missing = sizedAt(commands.get(i), standing);
            if (missing != null) {
                LoggedEvent sizing = sizings.get(missing);
                if (sizing == null) {
                    // Its run was ended and pruned since it was looked at.
                    request.answer(i, new Answer.Overtaken(0));
                    continue;
                }
                try {
                    standing = standing.sizedBy(stored.decode(sizing.kind(), StoredForm.FORMAT, sizing.body()));
                } catch (UnreadableBody e) {
                    request.answer(i, new Answer.Refused(new Refusal.Unreadable(String.valueOf(e.getMessage()))));
                    continue;
                }
            }
            request.take(
                    i, Rules.decide(standing, commands.get(i)), traces.get(i).upTo());
        }
        return recordedBefore(commands, request.carryOut(fence));
    }

    /**
     * Why a command cannot be decided on what is known up to here: its list knows more, or is of another history. Then a refusal would be told on ground
     * older than the list, as if it were for good.
     */
    private Optional<Answer> groundless(RunCommand command, Cursor upTo) {
        Optional<Cursor> rests = command.list().map(Listing::upTo);
        if (rests.isEmpty()) {
            return Optional.empty();
        }
        Cursor list = rests.get();
        if (list.epoch() == upTo.epoch()) {
            return list.position() > upTo.position() ? Optional.of(new Answer.NotYet(RETRY_AFTER)) : Optional.empty();
        }
        return groundless(list);
    }

    private Optional<Answer> groundless(Cursor list) {
        ResourceReader.Footing footing = resources.footing(list);
        Optional<CursorRefusal> why = footing.refusal();
        if (why.isPresent() && why.get() instanceof CursorRefusal.Forked forked) {
            return Optional.of(new Answer.Refused(new Refusal.ForkedList(forked.rewindTo())));
        }
        boolean ahead = why.isPresent() && why.get() instanceof CursorRefusal.BeyondHead;
        return ahead || list.position() > footing.upTo().position()
                ? Optional.of(new Answer.NotYet(RETRY_AFTER))
                : Optional.empty();
    }

    /** As {@link #decideAll} asks it, for one command that is decided elsewhere. */
    public Optional<Answer> groundless(RunCommand command) {
        return command.list().map(Listing::upTo).flatMap(this::groundless);
    }

    /**
     * The answers, and instead of a refusal that the command itself has brought about what became of it: asked again after an outcome that was not known, it
     * finds the run that it started or ended.
     */
    public List<Answer> recordedBefore(List<RunCommand> commands, List<Answer> answers) {
        Map<Integer, EventIdentity> refused = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            int place = i;
            if (answers.get(i) instanceof Answer.Refused) {
                Rules.written(commands.get(i)).ifPresent(identity -> refused.put(place, identity));
            }
        }
        if (refused.isEmpty()) {
            return answers;
        }
        Map<EventIdentity, ResourceReader.OnRecord> found = resources.recorded(refused.values());
        List<Answer> told = new ArrayList<>(answers);
        refused.forEach((place, identity) -> {
            ResourceReader.OnRecord event = found.get(identity);
            if (event != null) {
                told.set(
                        place,
                        event.confirmed()
                                ? new Answer.AlreadyRecorded(event.position())
                                : new Answer.InDoubt(RETRY_AFTER));
            }
        });
        return List.copyOf(told);
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

        void take(int place, Decision decision, Cursor upTo) {
            switch (decision) {
                case Decision.Refuse refuse -> answer(place, new Answer.Refused(refuse.why()));
                case Decision.Append append -> add(place, append.event(), upTo);
                case Decision.KeepAside aside -> add(place, aside.stop(), upTo);
            }
        }

        private void add(int place, NewEvent event, Cursor upTo) {
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
