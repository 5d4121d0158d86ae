// Command noentry does not import a package with a library entry.
package main

func main() {}
