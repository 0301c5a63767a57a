package org.lamella.bench.machinecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of machine code, as NVRTC and nvcc write it: an ELF file with a section of code for every kernel, and notes
 * with the registers and the stack that it takes.
 */
public final class Cubin {

    private static final int SECTIONS_AT = 0x28;
    private static final int SECTION_NUMBERS_AT = 0x3a;
    private static final int SYMBOL_BYTES = 24;
    private static final int ELF_HEADER_BYTES = 64;
    private static final int MAGIC = 0x464c457f;
    private static final int NO_BITS = 8;
    /** Of the notes: their format with a size, and their kinds. */
    private static final int SIZED = 4;

    private static final int FRAME = 0x11;
    private static final int REGISTERS = 0x2f;

    private final ByteBuffer file;
    private final List<Section> sections = new ArrayList<>();

    private record Section(String name, int offset, int bytes, boolean inFile) {}

    private Cubin(byte[] bytes) {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int begin = Math.toIntExact(file.getLong(SECTIONS_AT));
        int each = file.getShort(SECTION_NUMBERS_AT);
        int count = file.getShort(SECTION_NUMBERS_AT + 2);
        int names = offset(begin + each * file.getShort(SECTION_NUMBERS_AT + 4));
        for (int i = 0; i < count; i++) {
            int at = begin + i * each;
            sections.add(new Section(
                    text(names + file.getInt(at)),
                    offset(at),
                    Math.toIntExact(file.getLong(at + 32)),
                    file.getInt(at + 4) != NO_BITS));
        }
    }

    private int offset(int sectionAt) {
        return Math.toIntExact(file.getLong(sectionAt + 24));
    }

    private String text(int at) {
        int end = at;
        while (file.get(end) != 0) {
            end++;
        }
        return new String(file.array(), at, end - at, StandardCharsets.UTF_8);
    }

    /**
     * Reads the kernels of a file.
     *
     * @param bytes the file
     * @param sm the architecture, for example 37
     * @return its kernels, in the order of the file
     * @throws IllegalArgumentException if the file is no machine code, or its architecture cannot be read
     */
    public static List<KernelCode> read(byte[] bytes, int sm) {
        if (bytes.length < ELF_HEADER_BYTES
                || ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0) != MAGIC) {
            throw new IllegalArgumentException("no machine code: it does not begin as an ELF file");
        }
        Decoder decoder = Decoder.of(sm);
        try {
            return new Cubin(bytes).kernels(decoder);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new IllegalArgumentException("damaged machine code: " + e.getMessage(), e);
        }
    }

    private List<KernelCode> kernels(Decoder decoder) {
        Map<String, Integer> registers = notes(REGISTERS);
        Map<String, Integer> frames = notes(FRAME);
        List<KernelCode> kernels = new ArrayList<>();
        for (Section s : sections) {
            if (s.name.startsWith(".text.")) {
                String name = s.name.substring(".text.".length());
                byte[] code = new byte[s.bytes];
                file.get(s.offset, code);
                kernels.add(new KernelCode(
                        name,
                        registers.getOrDefault(name, 0),
                        section(".nv.shared." + name),
                        frames.getOrDefault(name, 0),
                        decoder.decode(code)));
            }
        }
        return kernels;
    }

    private int section(String name) {
        return sections.stream()
                .filter(s -> s.name.equals(name))
                .mapToInt(Section::bytes)
                .sum();
    }

    /** The values of one kind of note, by kernel. */
    private Map<String, Integer> notes(int kind) {
        Map<String, Integer> values = new HashMap<>();
        for (Section s : sections) {
            if (!s.name.equals(".nv.info")) {
                continue;
            }
            for (int at = s.offset; at + 4 <= s.offset + s.bytes; ) {
                int size = file.get(at) == SIZED ? file.getShort(at + 2) & 0xffff : 0;
                if (file.get(at) == SIZED && file.get(at + 1) == kind && size >= 8) {
                    values.put(symbol(file.getInt(at + 4)), file.getInt(at + 8));
                }
                at += 4 + size;
            }
        }
        return values;
    }

    private String symbol(int index) {
        int symbols = start(".symtab");
        return text(start(".strtab") + file.getInt(symbols + index * SYMBOL_BYTES));
    }

    private int start(String section) {
        return sections.stream()
                .filter(s -> s.name.equals(section))
                .filter(Section::inFile)
                .mapToInt(Section::offset)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no machine code: it has no section " + section));
    }
}
