package org.lamella.cli.stream;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An option or argument that names what the command writes. All others that name files are inputs. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Output {

    /** What is written. */
    enum Kind {
        /** A file, or standard output for {@code -}. */
        STREAM,
        /** A file. */
        FILE,
        /** A folder of a run. */
        FOLDER
    }

    /** {@return what is written} */
    Kind value() default Kind.STREAM;

    /** {@return why {@code -} is refused and what to do, a clause; for what is no stream} */
    String remedy() default "";
}
