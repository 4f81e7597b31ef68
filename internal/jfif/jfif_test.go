package jfif

import (
	"bytes"
	"testing"
)

func TestAJFIFHeaderThatIsThereIsReplaced(t *testing.T) {
	bare := []byte("\xff\xd8\xff\xdbtables and pixels\xff\xd9")
	low, high := WithResolution(bare, 72), WithResolution(bare, 600)
	if bytes.Equal(low, high) {
		t.Fatal("the resolution leaves no trace")
	}
	if again := WithResolution(low, 600); !bytes.Equal(again, high) {
		t.Errorf("got %q, want %q", again, high)
	}
}
