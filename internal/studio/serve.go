package studio

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
)

// The files on which a child finds its two pipes.
const (
	requestsFD = 3
	answersFD  = 4
)

// Pipes returns the child's ends of the two pipes, for Serve.
func Pipes() (in, out *os.File) {
	return os.NewFile(requestsFD, "requests"), os.NewFile(answersFD, "answers")
}

// Serve is all that a child does: it limits itself, prepares its developer
// (which loads models and has to open by then every file it will ever need),
// gives up files and network, and develops one picture after the other. It
// returns only with an error. When the parent is gone it ends the process, even
// in the middle of a call into C.
func Serve(in, out *os.File, prepare func() (Developer, error)) error {
	if err := limitSelf(); err != nil {
		return err
	}
	requests := make(chan request)
	broken := make(chan error, 1)
	go listen(in, requests, broken)
	dev, err := prepare()
	if err != nil {
		return fmt.Errorf("prepare the studio: %w", err)
	}
	answers := &wire{w: out}
	if err := answers.sendJSON(frameReady, ready{Unconfined: text(confine())}); err != nil {
		return err
	}
	for {
		select {
		case r := <-requests:
			if err := answer(answers, dev, r); err != nil {
				return err
			}
		case err := <-broken:
			return fmt.Errorf("read a request: %w", err)
		}
	}
}

// ready is a child's first word. Unconfined is why the kernel did not take the
// child's network and files away; empty when it did.
type ready struct {
	Unconfined string `json:"unconfined,omitempty"`
}

// outcome is a result without its three blobs, which follow as frames.
type outcome struct {
	Reason        photo.Reason        `json:"reason,omitempty"`
	NeedsOriginal bool                `json:"needs_original,omitempty"`
	Steps         []pipeline.StepTime `json:"steps"`
	Pixels        pixels              `json:"pixels"`
}

// pixels are how many bytes of them the child's library holds, and has held at most.
type pixels struct {
	Now  int64 `json:"now"`
	Most int64 `json:"most"`
}

func held(dev Developer) (p pixels) {
	if t, ok := dev.(Tracker); ok {
		p.Now, p.Most = t.Tracked()
	}
	return p
}

type request struct {
	job   pipeline.Job
	given pipeline.Material
}

// listen has a goroutine of its own so that the end of the pipe, which is the
// end of the parent, is noticed at any moment.
func listen(in io.Reader, requests chan<- request, broken chan<- error) {
	r := bufio.NewReaderSize(in, chunkSize)
	for {
		req, err := readRequest(r)
		if errors.Is(err, io.EOF) {
			os.Exit(0)
		}
		if err != nil {
			broken <- err
			return
		}
		requests <- req
	}
}

func readRequest(r *bufio.Reader) (request, error) {
	b, err := expect(r, frameJob)
	if err != nil {
		return request{}, err
	}
	var req request
	if err := json.Unmarshal(b, &req.job); err != nil {
		return request{}, err
	}
	if req.given.Original, err = gather(r, maxOriginal); err != nil {
		return request{}, err
	}
	req.given.Analysis, err = gather(r, maxAnalysis)
	return req, err
}

// gather reads chunks up to the mark of their end.
func gather(r *bufio.Reader, limit int) ([]byte, error) {
	var b bytes.Buffer
	for {
		k, chunk, err := receive(r)
		if err != nil {
			return nil, err
		}
		switch {
		case k == frameEnd:
			return b.Bytes(), nil
		case k != frameChunk || b.Len()+len(chunk) > limit:
			return nil, fmt.Errorf("a frame of kind %d in a picture of %d bytes", k, b.Len())
		}
		b.Write(chunk)
	}
}

// answer develops one picture. Its error means that the parent no longer reads.
func answer(w *wire, dev Developer, r request) error {
	var lost error
	res, err := dev.Develop(context.Background(), r.job, r.given, func(s photo.Step) {
		lost = w.send(frameStep, []byte(s))
	})
	if lost != nil {
		return lost
	}
	if err != nil {
		return w.send(frameFault, []byte(text(err)))
	}
	if err := w.sendJSON(frameOutcome, outcome{res.Reason, res.NeedsOriginal, res.Steps, held(dev)}); err != nil {
		return err
	}
	if err := w.send(framePicture, res.Picture); err != nil {
		return err
	}
	if err := w.send(frameReport, res.Report); err != nil {
		return err
	}
	return w.send(frameKept, res.Analysis)
}

const maxText = 300

// text makes an error into what may stand in a log line, whoever wrote it:
// printable ASCII, not too long.
func text(err error) string {
	if err == nil {
		return ""
	}
	return printable(err.Error())
}

func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), maxText)]
}
