package org.lamella.cuda.library;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks of a shared library that the system's loader omits, and without which it may crash the process: whether the
 * file is complete, and which library it is. Reads the header, the segments and the dynamic section (ELF, System V ABI,
 * 64 bits).
 *
 * @param soname the name inside the file; null if it has none, or if there is a problem
 * @param problem the reason why it cannot be loaded, follows the file's name in messages; null if it can
 * @param damaged whether the loader would load it nevertheless
 */
record ElfFile(@Nullable String soname, @Nullable String problem, boolean damaged) {

    private static final String CUT_SHORT = "is cut short (damaged)";
    private static final Map<String, Integer> MACHINES = Map.of("amd64", 62, "aarch64", 183);
    private static final int MAGIC = 0x7f454c46;
    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int SECTION = 64;
    private static final int DYNAMIC_ENTRY = 16;
    private static final int LONGEST_DYNAMIC = 1 << 16;
    private static final int LONGEST_NAME = 256;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int DT_STRTAB = 5;
    private static final int DT_SONAME = 14;

    /** A part of the file and the address to which it is mapped. */
    private record Segment(int type, long offset, long address, long size) {}

    /** Thrown to stop reading. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;
        final boolean damaged;

        Unfit(String problem, boolean damaged) {
            super(problem, null, false, false);
            this.damaged = damaged;
        }
    }

    /** Reads a file; a failure to read is the problem. */
    static ElfFile of(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return new ElfFile(soname(channel), null, false);
        } catch (Unfit e) {
            return new ElfFile(null, e.getMessage(), e.damaged);
        } catch (IOException e) {
            return new ElfFile(null, "cannot be read (" + e.getClass().getSimpleName() + ")", false);
        }
    }

    /** The reason why this is not the given library, follows the file's name in messages; null if it is. */
    @Nullable
    String problemAs(NeededLibrary library) {
        if (problem != null) {
            return problem;
        }
        String start = "lib" + library.name() + ".so." + library.major();
        if (soname == null) {
            return "is not " + library.file() + ": it has no name inside (SONAME)";
        }
        return soname.equals(start) || soname.startsWith(start + ".")
                ? null
                : "is not " + library.file() + ": its name inside (SONAME) is " + soname;
    }

    private static @Nullable String soname(FileChannel channel) throws IOException, Unfit {
        ByteBuffer header = read(channel, 0, HEADER);
        checkKind(header);
        long sections = header.getLong(0x28);
        int sectionBytes = Short.toUnsignedInt(header.getShort(0x3c)) * SECTION;
        if (sections < 0 || sections > channel.size() - sectionBytes) { // the section table is at the file's end
            throw new Unfit(CUT_SHORT, true);
        }
        List<Segment> segments = segments(channel, header);
        for (Segment segment : segments) {
            if (segment.type() == PT_LOAD && outside(segment, channel.size())) {
                throw new Unfit(CUT_SHORT, true);
            }
        }
        for (Segment segment : segments) {
            if (segment.type() == PT_DYNAMIC) {
                return name(channel, segments, segment);
            }
        }
        return null;
    }

    private static boolean outside(Segment segment, long size) {
        return segment.offset() < 0 || segment.size() < 0 || segment.offset() > size - segment.size();
    }

    private static void checkKind(ByteBuffer header) throws Unfit {
        if (header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC) {
            throw new Unfit("is no library (ELF)", false);
        }
        header.order(ByteOrder.LITTLE_ENDIAN);
        if (header.get(4) != 2) {
            throw new Unfit("is a 32-bit library", false);
        }
        Integer machine = MACHINES.get(System.getProperty("os.arch"));
        if (header.get(5) != 1 || (machine != null && header.getShort(0x12) != machine)) {
            throw new Unfit("is for other processors", false);
        }
    }

    private static List<Segment> segments(FileChannel channel, ByteBuffer header) throws IOException, Unfit {
        int count = Short.toUnsignedInt(header.getShort(0x38));
        ByteBuffer table = read(channel, header.getLong(0x20), count * SEGMENT);
        List<Segment> segments = new ArrayList<>();
        for (int at = 0; at < count * SEGMENT; at += SEGMENT) {
            segments.add(new Segment(
                    table.getInt(at), table.getLong(at + 0x08), table.getLong(at + 0x10), table.getLong(at + 0x20)));
        }
        return segments;
    }

    private static @Nullable String name(FileChannel channel, List<Segment> segments, Segment dynamic)
            throws IOException, Unfit {
        int size = (int) Math.min(Math.max(dynamic.size(), 0), LONGEST_DYNAMIC) / DYNAMIC_ENTRY * DYNAMIC_ENTRY;
        ByteBuffer entries = read(channel, dynamic.offset(), size);
        long strings = -1;
        long name = -1;
        for (int at = 0; at < size && entries.getLong(at) != 0; at += DYNAMIC_ENTRY) {
            if (entries.getLong(at) == DT_STRTAB) {
                strings = entries.getLong(at + 8);
            } else if (entries.getLong(at) == DT_SONAME) {
                name = entries.getLong(at + 8);
            }
        }
        if (strings < 0 || name < 0) {
            return null;
        }
        long address = strings + name;
        for (Segment part : segments) {
            long inside = address - part.address();
            if (part.type() == PT_LOAD && inside >= 0 && inside < part.size()) {
                ByteBuffer text =
                        read(channel, part.offset() + inside, (int) Math.min(LONGEST_NAME, part.size() - inside));
                String found = StandardCharsets.ISO_8859_1.decode(text).toString();
                return found.substring(0, Math.max(0, found.indexOf('\0')));
            }
        }
        throw new Unfit("is damaged", true);
    }

    private static ByteBuffer read(FileChannel channel, long offset, int size) throws IOException, Unfit {
        if (offset < 0 || offset > channel.size() - size) {
            throw new Unfit(CUT_SHORT, offset != 0); // a file without a header is refused by the loader
        }
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = channel.read(buffer, offset + buffer.position());
        }
        if (buffer.hasRemaining()) {
            throw new Unfit(CUT_SHORT, true);
        }
        return buffer.flip();
    }
}
