package org.usageledger.api.access;

/**
 * Somebody wants something done that operators answer for.
 *
 * @param route by method and path template
 * @param target the path as it was sent, bounded
 * @param requestId by which the request is found elsewhere: its trace
 */
record AuditAttempt(Caller caller, String route, String target, String requestId) {}
