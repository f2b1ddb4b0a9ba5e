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
package io.millrace.checkpoint.savepoint;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Layout of a savepoint: a directory of mode 0700 with files of mode 0600, all numbers little endian.
 * <pre>
 *   manifest          text, see {@link SavepointManifest}; its rename makes the savepoint complete
 *   operator-0000     what the first operator of the manifest keeps, and so on
 *
 *   operator file                                  section of a state: runs
 *   0   magic (long)                               0   slice (long), ascending
 *   8   format version (int), 0 (int)              8   count of entries (long), above 0
 *   16  sections behind each other                 16  count x (key bytes, value bytes), by hash of the key (unsigned),
 *   ..  index: 32 bytes a section                      then key bytes (unsigned)
 *
 *   index entry                                    section of a part: its bytes
 *   0   state (int), or -1 - part
 *   4   key group; writing instance where the state is not by key, and for parts (int)
 *   8   offset in the file (long)
 *   16  length in bytes (long)
 *   24  CRC32C of the section (int), 0 (int)
 * </pre>
 * Sections come in the order of parts from the last to the first, then states, and in each the key groups: the first section
 * begins behind the header, each one where the one before it ends, and the index where the last one ends. There are no empty
 * sections.
 */
final class SavepointDescriptor
{
    static final int FORMAT_VERSION = 1;
    static final long MAGIC = 0x3154505645534C4DL;
    static final int VERSION_OFFSET = 8;
    static final int HEADER_LENGTH = 16;

    static final int RUN_SLICE_OFFSET = 0;
    static final int RUN_COUNT_OFFSET = 8;
    static final int RUN_HEADER_LENGTH = 16;

    static final int INDEX_STATE_OFFSET = 0;
    static final int INDEX_GROUP_OFFSET = 4;
    static final int INDEX_POSITION_OFFSET = 8;
    static final int INDEX_LENGTH_OFFSET = 16;
    static final int INDEX_CHECKSUM_OFFSET = 24;
    static final int INDEX_ENTRY_LENGTH = 32;

    static final int MAX_OPERATORS = 10_000;
    static final String MANIFEST = "manifest";
    static final String TEMPORARY = "manifest-tmp";
    static final String SPOOL = "spool";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private SavepointDescriptor()
    {
    }

    static String operatorFile(final int number)
    {
        return String.format(Locale.ROOT, "operator-%04d", number);
    }

    static boolean isName(final String name)
    {
        return NAME.matcher(name).matches();
    }

    static String namePattern()
    {
        return NAME.pattern();
    }
}
