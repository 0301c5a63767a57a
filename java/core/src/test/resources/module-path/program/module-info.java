module user.program {
    requires org.lamella.core;
}
