package org.usageledger.api;

/** Events as a platform sends them. */
public final class Events {
    private Events() {}

    public static String started(String guid, String process) {
        return process(guid, process, "STARTED", 2);
    }

    public static String stopped(String guid, String process) {
        return process(guid, process, "STOPPED", 2);
    }

    public static String process(String guid, String process, String state, int instances) {
        return """
                {"kind":"app","guid":"%s","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z",\
                "state":{"current":"%s","previous":"STOPPED"},"app":{"guid":"a-%s","name":"shop"},\
                "process":{"guid":"%s","type":"web"},"space":{"guid":"s-1","name":"dev"},"organization":{"guid":"o-1"},\
                "buildpack":{"guid":null,"name":null},"task":{"guid":null,"name":null},\
                "memory_in_mb_per_instance":{"current":512,"previous":null},\
                "instance_count":{"current":%d,"previous":null}}""".formatted(guid, state, process, process, instances);
    }

    public static String task(String guid, String task, String state, String previous) {
        return """
                {"kind":"app","guid":"%s","created_at":"2026-01-02T03:04:05Z","state":{"current":"%s","previous":"%s"},\
                "app":{"guid":"a-1","name":"shop"},"process":{"guid":null,"type":null},"space":{"guid":"s-1","name":"dev"},\
                "organization":{"guid":"o-1"},"task":{"guid":"%s","name":"migrate"},\
                "memory_in_mb_per_instance":{"current":256,"previous":256},"instance_count":{"current":1,"previous":1}}""".formatted(guid, state, previous, task);
    }

    public static String service(String guid, String instance, String state) {
        return """
                {"kind":"service","guid":"%s","created_at":"2026-01-02T03:04:05Z","state":"%s",\
                "space":{"guid":"s-1","name":"dev"},"organization":{"guid":"o-1"},\
                "service_instance":{"guid":"%s","name":"db","type":"managed_service_instance"},\
                "service_plan":{"guid":"pl-1","name":"small"},"service_offering":{"guid":"of-1","name":"postgres"},\
                "service_broker":{"guid":"b-1","name":"broker"}}""".formatted(guid, state, instance);
    }
}
