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
package io.millrace.operators;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What states with a time to live should hold and tell of: a value, a list, a map and a sum by key, in maps on the heap, all of
 * which are looked through each time.
 */
final class ExpiryModel implements AutoCloseable
{
    private static final int VALUE = 0;
    private static final int LIST = 3;
    private static final int MAP = 4;
    private static final int SUM = 6;
    private static final String[] NAMES = {"value", "number", "fraction", "list", "long map", "text map", "reducing"};

    private static final class Cell
    {
        private long value;
        private long touched;

        private Cell(final long value, final long touched)
        {
            this.value = value;
            this.touched = touched;
        }
    }

    private record Due(long end, int state, long hash, long key, long second)
    {
    }

    private final MemoryAccount account = new MemoryAccount("model");
    private final Region composite = Region.allocate(account, "key", 16);
    private final long ttl;
    private final boolean touchedByReads;
    private final boolean hides;
    /** A mistake: what expires does so a unit of time late. */
    private final boolean late;
    private final Map<Long, Cell> values = new HashMap<>();
    private final Map<Long, Cell> sums = new HashMap<>();
    private final Map<Long, List<Cell>> lists = new HashMap<>();
    private final Map<Long, TreeMap<Long, Cell>> maps = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private long time = Long.MIN_VALUE;
    private long now;

    ExpiryModel(final long ttl, final boolean touchedByReads, final boolean hides, final boolean late)
    {
        this.ttl = ttl;
        this.touchedByReads = touchedByReads;
        this.hides = hides;
        this.late = late;
    }

    /** What was told of since the last call. */
    List<String> told()
    {
        final List<String> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    int size()
    {
        return values.size() + sums.size() + lists.values().stream().mapToInt(List::size).sum() +
            maps.values().stream().mapToInt(Map::size).sum();
    }

    /** Does what a record says, and answers what the function should see. */
    String record(final long timestamp, final long key, final int operation, final long second, final long value)
    {
        now = Math.max(time, timestamp);
        final String seen = switch (operation)
        {
            case 0 -> write(values, VALUE, key, value, false);
            case 1 -> read(values, VALUE, key);
            case 2 -> clear(values, VALUE, key);
            case 3 -> write(sums, SUM, key, value, true);
            case 4 -> read(sums, SUM, key);
            case 5, 6, 7, 8, 9 -> list(key, operation, second, value);
            default -> map(key, operation, second, value);
        };
        Collections.sort(told);
        return seen;
    }

    private boolean hidden(final Cell cell)
    {
        return hides && (late ? cell.touched + ttl < now : cell.touched + ttl <= now);
    }

    private Cell visible(final Map<Long, Cell> cells, final int state, final long key)
    {
        final Cell cell = cells.get(key);
        if (cell != null && hidden(cell))
        {
            tell(state, key, 0, cell);
            cells.remove(key);
            return null;
        }
        return cell;
    }

    private void tell(final int state, final long key, final long second, final Cell cell)
    {
        final long end = cell.touched + ttl;
        told.add(NAMES[state] + ' ' + key + '/' + second + '=' + cell.value + " until " + end + '@' + end);
    }

    private String write(
        final Map<Long, Cell> cells, final int state, final long key, final long value, final boolean adding)
    {
        final Cell cell = visible(cells, state, key);
        if (cell == null)
        {
            cells.put(key, new Cell(value, now));
        }
        else
        {
            cell.value = adding ? cell.value + value : value;
            cell.touched = Math.max(cell.touched, now);
        }
        return "";
    }

    private String read(final Map<Long, Cell> cells, final int state, final long key)
    {
        final Cell cell = visible(cells, state, key);
        return cell == null ? "-" : "" + readOf(cell);
    }

    private long readOf(final Cell cell)
    {
        if (touchedByReads)
        {
            cell.touched = Math.max(cell.touched, now);
        }
        return cell.value;
    }

    private String clear(final Map<Long, Cell> cells, final int state, final long key)
    {
        visible(cells, state, key);
        cells.remove(key);
        return "";
    }

    private String list(final long key, final int operation, final long second, final long value)
    {
        final List<Cell> list = lists.computeIfAbsent(key, none -> new ArrayList<>());
        while (!list.isEmpty() && hidden(list.get(0)))
        {
            tell(LIST, key, 0, list.remove(0));
        }
        switch (operation)
        {
            case 5 -> list.add(new Cell(value,
                Math.max(now, list.stream().mapToLong(cell -> cell.touched).max().orElse(Long.MIN_VALUE))));
            case 6 ->
            {
                return list.stream().map(this::readOf).toList().toString();
            }
            case 7 -> list.clear();
            case 8 ->
            {
                if (!list.isEmpty())
                {
                    list.forEach(cell -> cell.touched = Math.max(cell.touched, now));
                    list.get((int)(second % list.size())).value = value;
                }
            }
            default ->
            {
                return "" + list.size();
            }
        }
        return "";
    }

    private String map(final long key, final int operation, final long second, final long value)
    {
        final TreeMap<Long, Cell> map = maps.computeIfAbsent(key, none -> new TreeMap<>());
        final boolean whole = operation >= 14;
        for (final long each : List.copyOf(map.keySet()))
        {
            if ((whole || each == second) && hidden(map.get(each)))
            {
                tell(MAP, key, each, map.remove(each));
            }
        }
        final Cell cell = map.get(second);
        switch (operation)
        {
            case 10 ->
            {
                if (cell == null)
                {
                    map.put(second, new Cell(value, now));
                }
                else
                {
                    cell.value = value;
                    cell.touched = Math.max(cell.touched, now);
                }
            }
            case 11 ->
            {
                return cell == null ? "-" : "" + readOf(cell);
            }
            case 12 ->
            {
                return "" + (map.remove(second) != null);
            }
            case 13 ->
            {
                return cell == null ? "false" : "true" + readOf(cell);
            }
            case 14 ->
            {
                final List<String> entries = new ArrayList<>();
                map.forEach((each, shown) -> entries.add(each + "=" + readOf(shown)));
                return entries.toString();
            }
            case 15 -> map.clear();
            default ->
            {
                return "" + map.size();
            }
        }
        return "";
    }

    /** Moves time on, and tells what it reclaims, in order. */
    void watermark(final long watermark)
    {
        final Comparator<Due> order = Comparator.comparingLong(Due::end).thenComparingInt(Due::state)
            .thenComparing(Due::hash, Long::compareUnsigned);
        while (true)
        {
            final Due due = candidates().stream().filter(each -> each.end <= watermark).min(order).orElse(null);
            if (due == null)
            {
                break;
            }
            switch (due.state)
            {
                case VALUE -> tell(VALUE, due.key, 0, values.remove(due.key));
                case SUM -> tell(SUM, due.key, 0, sums.remove(due.key));
                case LIST -> tell(LIST, due.key, 0, lists.get(due.key).remove(0));
                default -> tell(MAP, due.key, due.second, maps.get(due.key).remove(due.second));
            }
        }
        time = watermark;
    }

    private List<Due> candidates()
    {
        final List<Due> candidates = new ArrayList<>();
        values.forEach((key, cell) -> candidates.add(new Due(cell.touched + ttl, VALUE, KeyHash.hash(key), key, 0)));
        sums.forEach((key, cell) -> candidates.add(new Due(cell.touched + ttl, SUM, KeyHash.hash(key), key, 0)));
        lists.forEach((key, list) -> list.stream().limit(1)
            .forEach(cell -> candidates.add(new Due(cell.touched + ttl, LIST, KeyHash.hash(key), key, 0))));
        maps.forEach((key, map) -> map.forEach((second, cell) ->
            candidates.add(new Due(cell.touched + ttl, MAP, hash(key, second), key, second))));
        return candidates;
    }

    private long hash(final long key, final long second)
    {
        Memory.putLong(composite.address(), key);
        Memory.putLong(composite.address() + Long.BYTES, second);
        return KeyHash.hash(composite.address(), 16);
    }

    @Override
    public void close()
    {
        composite.close();
    }
}
