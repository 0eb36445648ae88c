package org.usageledger.postgres.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.usageledger.postgres.DatabaseAddress;
import org.usageledger.postgres.Migrations;

/** A server that all tests of this JVM share, each in databases of its own. Thread-safe. */
public final class TestServer {

    private static final String TEMPLATE = "ledger_template";

    private final ServerBackend backend;
    private final AtomicInteger number = new AtomicInteger();
    private boolean templateMade;

    TestServer(ServerBackend backend) {
        this.backend = backend;
    }

    /** A database with the ledger's schema and nothing in it; dropped when it is closed. */
    public TestDatabase newDatabase() {
        makeTemplateOnce();
        return create("template " + TEMPLATE);
    }

    /** A database without anything; dropped when it is closed. */
    public TestDatabase emptyDatabase() {
        return create("");
    }

    /** The maintenance database as the superuser. */
    public DatabaseAddress administrator() {
        return backend.administrator();
    }

    public List<String> logTail(int lines) {
        return backend.logTail(lines);
    }

    public String description() {
        return backend.description();
    }

    private TestDatabase create(String template) {
        String name = "test_" + number.incrementAndGet();
        administer("create database " + name + " owner ledger " + template);
        return new TestDatabase(name, backend.service(name), backend.restricted(name), this);
    }

    private synchronized void makeTemplateOnce() {
        if (!templateMade) {
            administer("create database " + TEMPLATE + " owner ledger");
            Migrations.migrate(backend.service(TEMPLATE), backend.restricted(TEMPLATE));
            templateMade = true;
        }
    }

    void drop(String name) {
        administer("drop database " + name + " with (force)");
    }

    /** Statements about whole databases take no parameters; every name here is made above. */
    private void administer(String statement) {
        try (Connection connection = backend.administrator().open();
                Statement administration = connection.createStatement()) {
            administration.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("test server: " + statement + "\n" + String.join("\n", logTail(20)), e);
        }
    }
}
