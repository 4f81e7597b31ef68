package logging

import (
	"bytes"
	"log"
	"strings"
	"testing"
)

func TestWhatALibraryLogsHasTheVeilToo(t *testing.T) {
	const id = "mzsx6ytboa2dcmzsgq2dgnrugu"
	var b bytes.Buffer
	log.New(Lines(New(Options{Out: &b, Process: "api"})), "", 0).Printf("error: entry photo:%s:1:1 could not be deleted", id)
	if got := b.String(); strings.Contains(got, id) || !strings.Contains(got, "could not be deleted") || strings.Count(got, "\n") != 1 {
		t.Errorf("the log says %q", got)
	}
}
