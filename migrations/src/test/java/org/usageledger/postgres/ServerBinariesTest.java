package org.usageledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import org.usageledger.postgres.testing.ServerVersion;

class ServerBinariesTest {

    private static final int PROGRAM = 0755;
    private static final int FILE = 0644;

    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final Path folder;
    private final Path target;
    private BinariesArchive archive;

    ServerBinariesTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.target = folder.resolve("target");
        this.archive = pack(List.of());
    }

    @BeforeEach
    void nothing_is_said_yet() {
        progress.clear();
    }

    @Test
    void programs_files_and_links_come_out_readable_by_all_and_writable_by_the_owner() throws IOException {
        ServerBinaries binaries = ServerBinaries.unpacked(archive, target, progress::add);
        assertThat(Files.getPosixFilePermissions(binaries.program("postgres")))
                .hasToString(
                        "[OWNER_READ, OWNER_WRITE, OWNER_EXECUTE, GROUP_READ, GROUP_EXECUTE, OTHERS_READ, OTHERS_EXECUTE]");
        assertThat(Files.readString(binaries.folder().resolve("lib/libpq.so"))).isEqualTo("library");
        assertThat(Files.isSymbolicLink(binaries.folder().resolve("lib/libpq.so")))
                .isTrue();
        assertThat(progress).hasSize(1);
    }

    @Test
    void what_is_there_whole_is_used_again() {
        ServerBinaries first = ServerBinaries.unpacked(archive, target, progress::add);
        assertThat(ServerBinaries.unpacked(archive, target, progress::add)).isEqualTo(first);
        assertThat(progress).hasSize(1);
    }

    @Test
    void what_lost_a_file_or_the_end_of_one_is_unpacked_anew() throws IOException {
        ServerBinaries binaries = ServerBinaries.unpacked(archive, target, progress::add);
        Files.writeString(binaries.program("postgres"), "cut");
        ServerBinaries.unpacked(archive, target, progress::add);
        assertThat(binaries.program("postgres")).hasContent("program");
        Files.delete(binaries.program("postgres"));
        ServerBinaries.unpacked(archive, target, progress::add);
        assertThat(binaries.program("postgres")).hasContent("program");
        assertThat(progress).hasSize(3);
    }

    @Test
    void what_an_interrupted_unpacking_left_is_no_obstacle() throws IOException {
        Path left = target.resolve(archive.identity() + ".unfinished").resolve("bin");
        Files.createDirectories(left);
        Files.writeString(left.resolve("postgres"), "half");
        assertThat(ServerBinaries.unpacked(archive, target, progress::add).program("postgres"))
                .hasContent("program");
    }

    @Test
    void four_at_once_unpack_once() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<ServerBinaries>> all = IntStream.range(0, 4)
                    .mapToObj(nr -> threads.submit(() -> ServerBinaries.unpacked(archive, target, progress::add)))
                    .toList();
            for (Future<ServerBinaries> one : all) {
                assertThat(one.get(30, TimeUnit.SECONDS).program("postgres")).hasContent("program");
            }
        }
        assertThat(progress).hasSize(1);
    }

    @Test
    void an_archive_that_points_out_of_its_folder_is_refused() throws IOException {
        TarArchiveEntry escape = new TarArchiveEntry("lib/escape", TarConstants.LF_SYMLINK);
        escape.setLinkName("../../outside");
        archive = pack(List.of(escape));
        assertThatThrownBy(() -> ServerBinaries.unpacked(archive, target, progress::add))
                .isInstanceOf(PostgresUnavailable.class)
                .hasMessageContaining("points out of its folder");
    }

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void this_machine_has_an_archive_of_its_own_identity(ServerVersion version) {
        assertThat(version.archive().identity()).matches("postgresql-[0-9a-f]{8}-\\d{8}");
    }

    @Test
    void a_build_without_programs_for_this_machine_says_what_to_do() {
        assertThatThrownBy(() -> BinariesArchive.inFolder("no-such-folder/"))
                .isInstanceOf(PostgresUnavailable.class)
                .hasMessageContaining("LEDGER_DATABASE_URL");
    }

    private BinariesArchive pack(List<TarArchiveEntry> more) throws IOException {
        Path packed = folder.resolve("packed.txz");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new XZOutputStream(Files.newOutputStream(packed), new LZMA2Options(0)))) {
            file(tar, "bin/postgres", PROGRAM, "program");
            file(tar, "lib/libpq.so.5", FILE, "library");
            TarArchiveEntry link = new TarArchiveEntry("lib/libpq.so", TarConstants.LF_SYMLINK);
            link.setLinkName("libpq.so.5");
            entry(tar, link);
            for (TarArchiveEntry one : more) {
                entry(tar, one);
            }
        }
        return new BinariesArchive(packed.toUri(), "postgresql-" + more.size());
    }

    private static void entry(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
