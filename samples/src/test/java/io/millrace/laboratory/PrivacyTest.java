/*
 * Copyright 2026 The Millrace authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.millrace.laboratory;

import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.laboratory.CrashJob.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * T20: what a job leaves on the disk is for its owner alone, whatever the umask (S6), and it talks to nobody (S11): while
 * it runs it has no socket of the internet, and afterwards nothing lies in its user's home directory.
 */
@Tag("laboratory")
class PrivacyTest
{
    private static final long RECORDS = 5_000;
    /** Which word of a line of /proc/net/tcp is the socket's number. */
    private static final int INODE = 9;
    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final List<String> WITHOUT_UMASK = List.of("sh", "-c", "umask 000 && exec \"$@\"", "sh");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(value = State.class, names = {"CHRONICLE_MAP", "ROCKSDB"})
    void shouldKeepToItselfWhateverTheUmask(final State state) throws IOException
    {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc: what a process has open cannot be seen");
        final Path made = directory.resolve("made");
        final Path home = Directories.create(directory, "home");
        final CrashJob crash = new CrashJob(made, state, ThreadingMode.SHARED, SyncLevel.PROCESS, JobFault.NONE);
        final List<String> arguments = new ArrayList<>(crash.arguments());
        arguments.addAll(List.of("0", Long.toString(RECORDS), "0"));
        Files.createDirectory(made);
        long looks = 0;
        try (CrashProcess process = new CrashProcess(WITHOUT_UMASK, directory,
            List.of("-Duser.home=" + home), CrashJobMain.class, arguments))
        {
            for (String line = process.readLine(); line != null; line = process.readLine())
            {
                assertEquals(0, sockets(process.pid()), line);
                looks++;
            }
            assertEquals(0, process.exitStatus(), () -> CrashCampaign.text(directory.resolve("errors.log")));
        }
        assertTrue(looks > 2, "looks=" + looks);
        assertEquals(List.of(), open(made));
        try (Stream<Path> paths = Files.list(home))
        {
            // Chronicle's JNA unpacks its native library there.
            assertEquals(List.of(), paths.filter(path -> !path.endsWith(".cache")).toList());
        }
    }

    /** The negative control of sockets. */
    @Test
    void shouldNoticeASocket() throws IOException
    {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        final long pid = ProcessHandle.current().pid();
        final long before = sockets(pid);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            assertTrue(sockets(pid) > before, socket.toString());
        }
    }

    /** The negative control of permissions. */
    @Test
    void shouldNoticeAFileThatOthersCanRead() throws IOException
    {
        final Path file = Files.createFile(Directories.create(directory, "made").resolve("file"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(List.of(file), open(file.getParent()));
    }

    /** Of the internet: the JDK has one of its own, of the Unix kind and with no other end. */
    private static long sockets(final long pid) throws IOException
    {
        final Set<String> known = new HashSet<>();
        final Path process = Path.of("/proc/" + pid);
        try (Stream<Path> descriptors = Files.list(process.resolve("fd")))
        {
            for (final String protocol : List.of("tcp", "tcp6", "udp", "udp6", "raw", "raw6"))
            {
                final Path table = process.resolve("net").resolve(protocol);
                if (Files.exists(table))
                {
                    Files.readAllLines(table).forEach(line -> known.add("socket:[" + word(line, INODE) + "]"));
                }
            }
            return descriptors.map(PrivacyTest::target).filter(known::contains).count();
        }
        catch (final NoSuchFileException ended)
        {
            return 0;
        }
    }

    private static String word(final String line, final int index)
    {
        final String[] words = line.trim().split(" +", -1);
        return words.length > index ? words[index] : "";
    }

    /** What a descriptor is; empty when it is closed meanwhile. */
    private static String target(final Path link)
    {
        try
        {
            return Files.readSymbolicLink(link).toString();
        }
        catch (final IOException closed)
        {
            return "";
        }
    }

    /** What others can reach: it and all directories above it, from this one on, let them. */
    private static List<Path> open(final Path parent) throws IOException
    {
        final List<Path> found = new ArrayList<>();
        final List<Path> children;
        try (Stream<Path> paths = Files.list(parent))
        {
            children = paths.sorted().toList();
        }
        for (final Path child : children)
        {
            final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(child, LinkOption.NOFOLLOW_LINKS);
            if (permissions.stream().anyMatch(OF_OTHERS::contains))
            {
                found.add(child);
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                {
                    found.addAll(open(child));
                }
            }
        }
        return found;
    }
}
