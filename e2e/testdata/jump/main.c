// The program of steps.c.
int steps(int, char **);
int main(int argc, char **argv) { return steps(argc, argv); }
