// The program of the link tests: all that counts is whether it links.
int main() { return 0; }
