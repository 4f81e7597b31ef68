package testpictures

import "sync"

// product names a picture that is slow to make.
type product struct {
	name string
	size float64
}

// made keeps such pictures for the life of the test binary.
var made sync.Map // product to func() []byte

// once makes a picture the first time and returns that one ever after. Callers
// must not write to it.
func once(p product, produce func() []byte) []byte {
	f, _ := made.LoadOrStore(p, sync.OnceValue(produce))
	return f.(func() []byte)()
}
