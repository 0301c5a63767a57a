package org.lamella.cuda.compile;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, by which kept files are named and guarded. */
final class Sha256 {

    /** How long a digest is. */
    static final int BYTES = 32;

    private Sha256() {}

    /** A digest to be fed. */
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
