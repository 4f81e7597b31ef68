// Command gallery writes docs/gallery.md: each test portrait before, and after as
// the photo of three documents, with the lines drawn in that an office measures.
// It runs the real studio. Look at the pictures before you commit them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

// documents of the gallery: one whose authority forbids any alteration, one that
// measures to the skull, one with no known rule against a replaced background.
func documents() []string { return []string{"us-passport", "de-passport", "jp-evisa"} }

func main() {
	docs := flag.String("docs", "docs", "folder of the documentation")
	flag.Parse()
	if err := write(context.Background(), *docs); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}
