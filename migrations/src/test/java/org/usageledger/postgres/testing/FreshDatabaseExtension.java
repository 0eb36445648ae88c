package org.usageledger.postgres.testing;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link OnFreshDatabase} does. */
final class FreshDatabaseExtension implements ParameterResolver, AfterTestExecutionCallback {

    private static final int LOG_LINES = 40;
    private static final ExtensionContext.Namespace OWN =
            ExtensionContext.Namespace.create(FreshDatabaseExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestDatabase.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext outermost = outermost(context);
        OnFreshDatabase wanted = wanted(outermost);
        boolean perMethod = wanted.per() == OnFreshDatabase.Per.METHOD
                && context.getTestMethod().isPresent();
        // The store closes what it holds when its context ends.
        return (perMethod ? context : outermost)
                .getStore(OWN)
                .getOrComputeIfAbsent(
                        TestDatabase.class,
                        key -> TestPostgres.server(wanted.version()).newDatabase(),
                        TestDatabase.class);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            TestServer server = TestPostgres.server(wanted(outermost(context)).version());
            System.out.println("The end of the log of " + server.description() + ", after " + context.getDisplayName());
            server.logTail(LOG_LINES).forEach(System.out::println);
        }
    }

    private static ExtensionContext outermost(ExtensionContext context) {
        ExtensionContext found = context;
        @Nullable ExtensionContext parent = context.getParent().orElse(null);
        while (parent != null && parent.getTestClass().isPresent()) {
            found = parent;
            parent = parent.getParent().orElse(null);
        }
        return found;
    }

    private static OnFreshDatabase wanted(ExtensionContext outermost) {
        @Nullable OnFreshDatabase wanted = outermost.getRequiredTestClass().getAnnotation(OnFreshDatabase.class);
        if (wanted == null) {
            throw new IllegalStateException("@OnFreshDatabase belongs on the outermost test class");
        }
        return wanted;
    }
}
