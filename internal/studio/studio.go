// Package studio develops pictures in child processes. Reading a hostile file
// is the most dangerous thing the service does, and it is done by C code: a
// crash takes its whole process along, a hanging call cannot be stopped, and
// whoever takes the process over has everything the process has. So each slot
// is a process of its own, a binary of its own too, that has one picture at a
// time and nothing else: no credentials, no network, no files once its
// models are loaded, a limit on its memory and on its time.
//
// The parent side is Pool: it hands pictures to children over a pipe, kills
// those that overstay, and replaces those that died. It believes nothing that a
// child says without checking it. The child side is Serve. Neither side uses
// cgo; only the Developer that the child is given does.
package studio

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
)

// Why a picture was not developed. An error that is neither of these nor the
// context's own says that no child could be given the picture.
var (
	// ErrDied: the child had the whole picture and then crashed, hung or spoke
	// nonsense. The picture is suspect.
	ErrDied = errors.New("the studio died on the picture")
	// ErrFault: the child says that something of ours is broken. The picture is
	// not to blame.
	ErrFault = errors.New("the studio has a fault")
)

// Developer makes a photo from a picture. The child has one, and calls it for
// one picture at a time. at may be called for each step, from the same
// goroutine. An error means a fault of ours; what is wrong with the picture is
// a Result. A panic ends the child.
type Developer interface {
	Develop(ctx context.Context, job pipeline.Job, given pipeline.Material, at func(photo.Step)) (pipeline.Result, error)
}

// Tracker is a Developer that knows how many bytes of pixels its library holds now, and
// the most that it has held in this process.
type Tracker interface {
	Tracked() (now, highest int64)
}

// Given is what there is of a picture, as streams: the file, or the analysis that
// an earlier result brought, or both. What there is not is nil.
type Given struct{ Original, Analysis io.Reader }

// Cause is why a child ended.
type Cause string

// The causes. Only TimedOut, Crashed and Nonsense can be a picture's doing.
const (
	TimedOut  Cause = "timed_out" // the picture took too long
	Crashed   Cause = "crashed"   // it ended by itself
	Nonsense  Cause = "nonsense"  // it broke the protocol
	Faulty    Cause = "faulty"    // it reported a fault, so it is not trusted with another picture
	Cancelled Cause = "cancelled" // nobody wants the picture any more
	Spent     Cause = "spent"     // it has had its number of pictures
	NotReady  Cause = "not_ready" // it did not become ready
	Closed    Cause = "closed"    // the pool was closed
)

// Observer is told what happens to the children. Its methods are called from
// several goroutines.
type Observer interface {
	ChildStarted()
	// ChildLoaded says how long a child took from its start until it had libraries and
	// models, or that it never had them.
	ChildLoaded(took time.Duration, err error)
	// ChildPeak says how many bytes of memory a child has had at most so far.
	ChildPeak(bytes int64)
	// ChildEnded is given a Cause.
	ChildEnded(cause string)
}

// nobody observes nothing.
type nobody struct{}

func (nobody) ChildStarted()                    {}
func (nobody) ChildLoaded(time.Duration, error) {}
func (nobody) ChildPeak(int64)                  {}
func (nobody) ChildEnded(string)                {}
