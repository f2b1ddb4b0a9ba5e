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
package io.millrace.checkpoint.control;

import io.millrace.checkpoint.files.DirectoryLock;
import io.millrace.core.runtime.Job;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets {@link JobControlCommand} and scripts look at a running job, ask it for checkpoints and savepoints, and stop it: a Unix
 * domain socket in a directory that only its owner may enter, so nobody else and no network reaches it.
 * <pre>
 *   client                  {@value #SOCKET_NAME}              job
 *      | "savepoint /backup/june\n"  |                             |
 *      | --------------------------> | --- savepoint(directory) -> |
 *      |  "|savepoint=/backup/june"  | <-- completed ------------- |
 *      |  "ok\n"                     |                             |
 * </pre>
 * A connection is one request, a line of UTF-8 of at most {@value #MAX_REQUEST} bytes, and its answer: lines of text that begin
 * with {@code |}, and a last one, {@code ok} or {@code failed REASON}. A daemon thread waits for connections, and each has one
 * while it lasts, at most {@value #MAX_CONNECTIONS} at a time; none takes part in the job's work. Any thread may call it.
 */
public final class JobControl implements AutoCloseable
{
    /** Name of the socket in the directory. */
    public static final String SOCKET_NAME = "job";
    /** Bytes of a request at most, its end of line included. */
    public static final int MAX_REQUEST = 4_096;
    /** Connections at a time at most; others wait. */
    public static final int MAX_CONNECTIONS = 8;

    /** What the operating system has room for in the address of a socket. */
    private static final int MAX_SOCKET_PATH = 107;
    private static final Logger LOGGER = LoggerFactory.getLogger(JobControl.class);

    private final Path socket;
    private final DirectoryLock lock;
    private final ServerSocketChannel server;
    private final JobRequests requests;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    private JobControl(final Job job, final Path socket, final DirectoryLock lock, final ServerSocketChannel server)
    {
        this.socket = socket;
        this.lock = lock;
        this.server = server;
        this.requests = new JobRequests(job);
        this.acceptor = new Thread(this::accept, "millrace-control");
        acceptor.setDaemon(true);
    }

    /**
     * Begins to listen. Closed by the caller, before or after the job, which goes on.
     *
     * @param job       to control
     * @param directory for the socket, of this control alone; created with mode 0700 when there is none
     * @return the control
     * @throws IllegalStateException when the directory is open to others, is used by another process, its path is too long for a
     *     socket, or the socket cannot be made
     */
    public static JobControl open(final Job job, final Path directory)
    {
        final Path socket = socketIn(directory);
        final DirectoryLock lock = DirectoryLock.acquire(directory, "control");
        ServerSocketChannel server = null;
        try
        {
            requirePrivate(directory);
            // Nobody else holds the directory, so what lies there is of a process that has ended.
            Files.deleteIfExists(socket);
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            final JobControl control = new JobControl(job, socket, lock, server);
            control.acceptor.start();
            return control;
        }
        catch (final IOException | RuntimeException exception)
        {
            closeQuietly(server);
            lock.close();
            throw exception instanceof IllegalStateException refused ? refused : new IllegalStateException("socket=" + socket +
                " for the control of a job cannot be made: " + exception.getMessage() +
                ": it needs a directory on a local disk", exception);
        }
    }

    static Path socketIn(final Path directory)
    {
        final Path socket = directory.toAbsolutePath().normalize().resolve(SOCKET_NAME);
        final int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH)
        {
            throw new IllegalStateException("socket=" + socket + " has bytes=" + length + ", the system takes " + MAX_SOCKET_PATH +
                ": name a directory with a shorter path");
        }
        return socket;
    }

    private static void requirePrivate(final Path directory) throws IOException
    {
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        final Set<PosixFilePermission> others = EnumSet.copyOf(PosixFilePermissions.fromString("---rwxrwx"));
        others.retainAll(permissions);
        if (!others.isEmpty())
        {
            throw new IllegalStateException("directory=" + directory + " has mode=" + PosixFilePermissions.toString(permissions) +
                ", and who may enter it controls the job: take the rights of all but its owner (chmod 700), or name a new one");
        }
    }

    /**
     * Where clients connect.
     *
     * @return path of the socket
     */
    public Path socket()
    {
        return socket;
    }

    private void accept()
    {
        while (server.isOpen())
        {
            try
            {
                final SocketChannel connection = server.accept();
                connections.add(connection);
                final Thread thread = new Thread(() -> serve(connection), "millrace-control-request");
                thread.setDaemon(true);
                thread.start();
                awaitRoom();
            }
            catch (final ClosedChannelException | InterruptedException ended)
            {
                return;
            }
            catch (final IOException exception)
            {
                LOGGER.warn("socket={}: a connection could not be accepted: {}", socket, exception.toString());
            }
        }
    }

    private void awaitRoom() throws InterruptedException
    {
        synchronized (connections)
        {
            while (connections.size() >= MAX_CONNECTIONS)
            {
                connections.wait();
            }
        }
    }

    private void serve(final SocketChannel connection)
    {
        try (connection)
        {
            requests.answer(connection);
        }
        catch (final IOException | RuntimeException exception)
        {
            LOGGER.warn("socket={}: a request was given up: {}", socket, exception.toString());
        }
        finally
        {
            synchronized (connections)
            {
                connections.remove(connection);
                connections.notifyAll();
            }
        }
    }

    /** Listens no more, cuts what is connected, and removes the socket. What was asked of the job goes on. */
    @Override
    public void close()
    {
        closeQuietly(server);
        acceptor.interrupt();
        connections.forEach(JobControl::closeQuietly);
        try
        {
            Files.deleteIfExists(socket);
        }
        catch (final IOException exception)
        {
            LOGGER.warn("socket={} was left behind: {}", socket, exception.toString());
        }
        lock.close();
    }

    private static void closeQuietly(final AutoCloseable channel)
    {
        try
        {
            if (channel != null)
            {
                channel.close();
            }
        }
        catch (final Exception exception)
        {
            LOGGER.debug("a channel was not closed well", exception);
        }
    }
}
