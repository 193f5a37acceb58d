//! OFD packages: read within limits, say what is protected, append a signature
