package org.usageledger.postgres.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class, those nested in it included, a migrated and empty database as a parameter of type {@link
 * TestDatabase} of its constructor or any of its methods. When a test fails, the end of the server's log is printed.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FreshDatabaseExtension.class)
public @interface OnFreshDatabase {

    /** How long one database is used. */
    enum Per {
        CLASS,
        METHOD
    }

    Per per() default Per.CLASS;

    ServerVersion version() default ServerVersion.NEWEST;
}
