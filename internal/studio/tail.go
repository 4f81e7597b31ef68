package studio

import "sync"

// tailSize is how much of a child's last words is kept.
const tailSize = 2 << 10

// tail takes a child's standard error, so that the child never blocks on it,
// and keeps the end. Once the child gets pictures nothing is kept: a library's
// complaint may quote from a file.
type tail struct {
	mu     sync.Mutex
	silent bool
	end    []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.silent {
		t.end = append(t.end, b...)
		t.end = t.end[max(0, len(t.end)-tailSize):]
	}
	return len(b), nil
}

func (t *tail) silence() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.silent, t.end = true, nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.end)
}
