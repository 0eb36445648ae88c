package org.usageledger.api.http;

import io.micronaut.http.HttpStatus;

/** Every refusal and fault that a client can be answered with. The names are part of the contract and never change their meaning. */
public enum ProblemType {
    MALFORMED_BODY(HttpStatus.BAD_REQUEST, "malformed-body", "The body cannot be read"),
    MALFORMED_EVENTS(HttpStatus.BAD_REQUEST, "malformed-events", "Events are malformed"),
    BAD_PARAMETER(HttpStatus.BAD_REQUEST, "bad-parameter", "A parameter cannot be taken"),
    BAD_REQUEST(HttpStatus.BAD_REQUEST, "bad-request", "The request cannot be understood"),
    BAD_JOB_PARAMETER(HttpStatus.BAD_REQUEST, "bad-job-parameter", "The job does not take these parameters"),
    BAD_CRON(HttpStatus.BAD_REQUEST, "bad-cron", "This is no cron expression"),
    BAD_TIME_ZONE(HttpStatus.BAD_REQUEST, "bad-time-zone", "This is no time zone"),
    CURSOR_MALFORMED(HttpStatus.BAD_REQUEST, "cursor-malformed", "This is no cursor"),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "unauthenticated", "Nobody is known by what was sent"),
    SCOPE_MISSING(HttpStatus.FORBIDDEN, "scope-missing", "The token does not allow this"),
    FOREIGN_REQUEST(
            HttpStatus.FORBIDDEN, "foreign-request", "The request does not come from this machine's own clients"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "not-found", "There is nothing here"),
    EVENT_NOT_GIVEN(HttpStatus.NOT_FOUND, "position-not-given", "This position was not given yet"),
    EVENT_PRUNED(HttpStatus.NOT_FOUND, "position-pruned", "The event at this position was pruned"),
    JOB_NOT_FOUND(HttpStatus.NOT_FOUND, "job-not-found", "There is no such job"),
    EXECUTION_NOT_FOUND(HttpStatus.NOT_FOUND, "execution-not-found", "There is no such execution"),
    SCHEDULE_NOT_FOUND(HttpStatus.NOT_FOUND, "schedule-not-found", "The job has no schedule"),
    NODE_NOT_FOUND(HttpStatus.NOT_FOUND, "node-not-found", "There is no such node"),
    TASK_NOT_FOUND(HttpStatus.NOT_FOUND, "task-not-found", "There is no such background task"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "This method is not served here"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "not-acceptable", "None of the accepted media types is served here"),
    CURSOR_BEYOND_HEAD(HttpStatus.CONFLICT, "cursor-beyond-head", "The cursor is beyond the head of this ledger"),
    EVENTS_CONFLICT(
            HttpStatus.CONFLICT, "events-conflict", "Events with the same identity and other content are on record"),
    EXECUTION_ACTIVE(HttpStatus.CONFLICT, "execution-active", "An execution of this job is active"),
    REQUEST_KEY_TAKEN(HttpStatus.CONFLICT, "request-key-taken", "The request key names another execution"),
    EXECUTION_ENDED(HttpStatus.CONFLICT, "execution-ended", "The execution has ended before"),
    EXECUTION_UNWINDING(HttpStatus.CONFLICT, "execution-unwinding", "The execution cleans up already"),
    EXECUTION_HELD(HttpStatus.CONFLICT, "execution-held", "A node that may live has the execution"),
    EXECUTION_BUSY(HttpStatus.CONFLICT, "execution-busy", "A piece of the execution's work is under way for long"),
    NODE_ALIVE(HttpStatus.CONFLICT, "node-alive", "The node was heard of a moment ago"),
    NODE_EXPUNGED(HttpStatus.CONFLICT, "node-expunged", "The node was taken for dead"),
    CURSOR_FORKED(HttpStatus.GONE, "cursor-forked", "The cursor is of a history that ended before it"),
    CURSOR_PRUNED(HttpStatus.GONE, "cursor-pruned", "Events after the cursor were pruned before it had seen them"),
    BODY_TOO_SLOW(HttpStatus.REQUEST_TIMEOUT, "body-too-slow", "The body did not arrive in time"),
    TOO_LARGE(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "This media type is not taken"),
    EVENTS_FORGOTTEN(
            HttpStatus.UNPROCESSABLE_ENTITY, "events-forgotten", "Events are older than what the ledger remembers"),
    RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS, "rate-limited", "Too many requests"),
    FAULT(HttpStatus.INTERNAL_SERVER_ERROR, "fault", "The service met a fault"),
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "overloaded", "The service has more to record than it can take"),
    OUTCOME_UNKNOWN(HttpStatus.SERVICE_UNAVAILABLE, "outcome-unknown", "Whether the events were recorded is not known"),
    NOT_REACHED(HttpStatus.SERVICE_UNAVAILABLE, "not-reached", "The projection has not reached the cursor yet"),
    STREAMS_TAKEN(HttpStatus.SERVICE_UNAVAILABLE, "streams-taken", "As many streams are being read as may be"),
    SERVICE_EXPUNGED(
            HttpStatus.SERVICE_UNAVAILABLE, "service-expunged", "This node was expunged and records nothing any more"),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "The database cannot be used now"),
    KEYS_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE, "keys-unavailable", "Whether the token is good cannot be found out now"),
    OTHER(HttpStatus.BAD_REQUEST, "other", "The request was refused");

    private static final String NAMESPACE = "urn:usage-ledger:problem:";

    private final HttpStatus status;
    private final String name;
    private final String title;

    ProblemType(HttpStatus status, String name, String title) {
        this.status = status;
        this.name = name;
        this.title = title;
    }

    public HttpStatus status() {
        return status;
    }

    /** The stable URN by which clients tell problems apart. */
    public String uri() {
        return NAMESPACE + name;
    }

    /** The last part of the URN. */
    public String label() {
        return name;
    }

    public String title() {
        return title;
    }
}
