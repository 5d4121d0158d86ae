// Without a file in assembly the compiler does not take declarations without a body.
