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
package io.millrace.extensions.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before a store, and fails the requests that a test chooses. */
final class FaultyProxy implements AutoCloseable
{
    private static final Set<String> NOT_PASSED_ON =
        Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding", "date");

    /** What becomes of a request. */
    enum Fault
    {
        /** It is answered by the store. */
        NONE,
        /** Insufficient storage; the store never sees it. */
        STATUS_507,
        /** The store never sees it. */
        STATUS_500,
        /** The store does as it is told, and says that it failed. */
        DONE_AND_500,
        /** No answer comes, and the store never sees it. */
        SILENCE,
        /** The answer ends in its middle. */
        TRUNCATED,
        /** Conditions are not known here. */
        STATUS_501,
        /** Conditions are passed over. */
        WITHOUT_CONDITIONS
    }

    /** Chooses. */
    interface Choice
    {
        Fault fault(int number, String method, String path);
    }

    private final URI store;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Choice choice = (number, method, path) -> Fault.NONE;

    FaultyProxy(final URI store) throws IOException
    {
        this.store = store;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri()
    {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on; requests are counted from 0 again. */
    void choose(final Choice next)
    {
        requests.clear();
        choice = next;
    }

    List<String> requests()
    {
        return List.copyOf(requests);
    }

    private void handle(final HttpExchange exchange) throws IOException
    {
        final String path = exchange.getRequestURI().toString();
        final Fault fault;
        synchronized (this)
        {
            fault = choice.fault(requests.size(), exchange.getRequestMethod(), path);
            requests.add(exchange.getRequestMethod() + ' ' + path);
        }
        try (exchange)
        {
            final byte[] body = exchange.getRequestBody().readAllBytes();
            switch (fault)
            {
                case STATUS_507 -> exchange.sendResponseHeaders(507, -1);
                case STATUS_500 -> exchange.sendResponseHeaders(500, -1);
                case STATUS_501 -> passUnlessConditional(exchange, body);
                case SILENCE -> closed.await();
                case DONE_AND_500 ->
                {
                    pass(exchange, body, true);
                    exchange.sendResponseHeaders(500, -1);
                }
                default -> answer(exchange, pass(exchange, body, fault != Fault.WITHOUT_CONDITIONS), fault == Fault.TRUNCATED);
            }
        }
        catch (final InterruptedException exception)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void passUnlessConditional(final HttpExchange exchange, final byte[] body) throws IOException, InterruptedException
    {
        if (exchange.getRequestHeaders().containsKey("If-Match") || exchange.getRequestHeaders().containsKey("If-None-Match"))
        {
            exchange.sendResponseHeaders(501, -1);
        }
        else
        {
            answer(exchange, pass(exchange, body, true), false);
        }
    }

    private HttpResponse<byte[]> pass(final HttpExchange exchange, final byte[] body, final boolean conditions)
        throws IOException, InterruptedException
    {
        final HttpRequest.Builder request = HttpRequest.newBuilder(store.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (final Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet())
        {
            final String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!NOT_PASSED_ON.contains(name) && (conditions || !name.startsWith("if-")))
            {
                header.getValue().forEach(value -> request.header(name, value));
            }
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void answer(final HttpExchange exchange, final HttpResponse<byte[]> response, final boolean truncated)
        throws IOException
    {
        response.headers().map().forEach((name, values) ->
        {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":"))
            {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
        });
        final byte[] body = response.body();
        final boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(response.statusCode(), none ? -1 : body.length);
        if (!none)
        {
            final OutputStream out = exchange.getResponseBody();
            out.write(body, 0, truncated ? body.length / 2 : body.length);
            out.flush();
        }
    }

    @Override
    public void close()
    {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
