package org.usageledger.postgres.testing;

import org.usageledger.postgres.BinariesArchive;

/** The PostgreSQL versions that tests run on. */
public enum ServerVersion {
    /** The one the service brings. */
    NEWEST("", "postgres:18"),
    /** The oldest one the service accepts from others. */
    OLDEST("postgres-oldest/", "postgres:15");

    private final String folder;
    private final String image;

    ServerVersion(String folder, String image) {
        this.folder = folder;
        this.image = image;
    }

    public BinariesArchive archive() {
        return BinariesArchive.inFolder(folder);
    }

    String image() {
        return image;
    }
}
