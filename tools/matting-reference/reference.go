package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// reference is a running reference.py.
type reference struct {
	cmd     *exec.Cmd
	folders io.WriteCloser
	times   *bufio.Reader
}

func startReference(python string) (*reference, error) {
	if _, err := os.Stat(python); err != nil {
		return nil, fmt.Errorf("PyMatting is not there, see tools/matting-reference/README.md: %w", err)
	}
	cmd := exec.Command(python, filepath.Join("tools", "matting-reference", "reference.py"))
	cmd.Stderr = os.Stderr
	folders, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	times, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &reference{cmd, folders, bufio.NewReader(times)}, cmd.Start()
}

// run has the folder's picture done and returns the milliseconds of each part.
func (r *reference) run(folder string) (alpha, colours float64, err error) {
	if _, err := fmt.Fprintln(r.folders, folder); err != nil {
		return 0, 0, fmt.Errorf("PyMatting: %w", err)
	}
	if _, err := fmt.Fscanln(r.times, &alpha, &colours); err != nil {
		return 0, 0, fmt.Errorf("PyMatting: %w", err)
	}
	return alpha, colours, nil
}

func (r *reference) stop() {
	_ = r.folders.Close()
	_ = r.cmd.Wait()
}
