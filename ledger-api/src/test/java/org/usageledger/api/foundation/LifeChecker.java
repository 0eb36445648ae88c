package org.usageledger.api.foundation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.usageledger.api.foundation.Occurrence.OfApp;
import org.usageledger.api.foundation.Occurrence.OfService;
import org.usageledger.api.foundation.Occurrence.ServiceInstance;

/** Holds events, one after the other, against what Cloud Controller writes and when. */
final class LifeChecker {
    private final Map<String, Size> processes = new HashMap<>();
    private final Map<String, Size> tasks = new HashMap<>();
    private final Set<String> tasksOver = new HashSet<>();
    private final Map<String, ServiceInstance> services = new HashMap<>();
    private final Set<String> servicesOver = new HashSet<>();
    private final Set<String> staging = new HashSet<>();
    private final List<String> breaches = new ArrayList<>();

    List<String> breaches() {
        return breaches;
    }

    void take(Occurrence occurrence) {
        switch (occurrence) {
            case OfApp app -> app(app);
            case OfService service -> service(service);
        }
    }

    private void app(OfApp event) {
        switch (event.state()) {
            case "STARTED", "STOPPED" -> ofProcess(event);
            case "TASK_STARTED", "TASK_STOPPED" -> ofTask(event);
            case "STAGING_STARTED" -> must(staging.add(event.app().key()), event, "one staging at a time");
            case "STAGING_STOPPED" -> must(staging.remove(event.app().key()), event, "a staging that runs");
            case "BUILDPACK_SET" -> must(!staging.contains(event.app().key()), event, "the staging to be over");
            default -> must(false, event, "a state of Cloud Controller's");
        }
    }

    private void ofProcess(OfApp event) {
        String process = event.subject().process().key();
        Size open = processes.get(process);
        must(event.subject().task().equals(Ref.NONE), event, "no task");
        String previous = event.transition().previous();
        if (event.state().equals("STOPPED")) {
            must(open != null && previous.equals("STARTED"), event, "a process that runs");
            must(
                    event.sizing()
                            .equals(Occurrence.Sizing.unchanged(event.sizing().now())),
                    event,
                    "its size unchanged");
            must(event.sizing().now().equals(open), event, "the size it ran with");
            processes.remove(process);
        } else if (previous.equals("STOPPED")) {
            must(open == null, event, "a process that does not run");
            processes.put(process, event.sizing().now());
        } else {
            must(event.sizing().before().equals(open), event, "the size it had before");
            must(!event.sizing().now().equals(open), event, "another size than before");
            processes.put(process, event.sizing().now());
        }
        must(event.sizing().now().instances() >= 0 && event.sizing().now().memoryMb() > 0, event, "a possible size");
    }

    private void ofTask(OfApp event) {
        String task = event.subject().task().key();
        must(event.subject().process().equals(Ref.NONE), event, "no process");
        must(event.sizing().now().instances() == 1, event, "one instance");
        must(!tasksOver.contains(task), event, "nothing of a task after its stop");
        if (event.state().equals("TASK_STARTED")) {
            must(tasks.put(task, event.sizing().now()) == null, event, "a task to start once");
        } else {
            must(event.sizing().now().equals(tasks.remove(task)), event, "the task to have started");
            tasksOver.add(task);
        }
    }

    private void service(OfService event) {
        String key = event.instance().ref().key();
        @Nullable ServiceInstance known = services.get(key);
        must(!servicesOver.contains(key), event, "nothing of an instance after its deletion");
        switch (event.state()) {
            case "CREATED" ->
                must(services.put(key, event.instance()) == null, event, "an instance to be created once");
            case "UPDATED" -> {
                must(known != null && !known.equals(event.instance()), event, "a change of an instance that is there");
                services.put(key, event.instance());
            }
            default -> {
                must(event.instance().equals(services.remove(key)), event, "the instance to be there");
                servicesOver.add(key);
            }
        }
    }

    private void must(boolean holds, Occurrence event, String expected) {
        if (!holds) {
            breaches.add(event + ": expected " + expected);
        }
    }
}
