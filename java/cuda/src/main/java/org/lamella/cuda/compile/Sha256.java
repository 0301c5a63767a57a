package org.lamella.cuda.compile;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, for the names and checksums of kept files. */
final class Sha256 {

    /** Bytes of a digest. */
    static final int BYTES = 32;

    private Sha256() {}

    /** A new digest. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of bytes. */
    static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }

    /** The digest of bytes, in hexadecimal digits. */
    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(of(bytes));
    }
}
