package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
)

// request is one command as a client sent it: its words.
type request [][]byte

// tape is a way to Redis that keeps what clients ask, in the order in which it came.
type tape struct {
	redis    string
	listener net.Listener

	mu       sync.Mutex
	requests []request
}

// record opens a tape before a Redis server.
func record(redis string) (*tape, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &tape{redis: redis, listener: l}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			go t.pass(c)
		}
	}()
	return t, nil
}

func (t *tape) addr() string { return t.listener.Addr().String() }

// stop returns what was asked so far; nobody else is let in.
func (t *tape) stop() []request {
	_ = t.listener.Close()
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.requests
}

func (t *tape) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", t.redis)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		_, _ = io.Copy(client, server) // until one of them ends
		_ = client.Close()
	}()
	in := bufio.NewReader(io.TeeReader(client, server))
	for {
		r, err := readRequest(in)
		if err != nil {
			return
		}
		t.mu.Lock()
		t.requests = append(t.requests, r)
		t.mu.Unlock()
	}
}

var errProtocol = errors.New("this is not Redis' protocol")

// readRequest reads an array of strings.
func readRequest(r *bufio.Reader) (request, error) {
	n, err := readCount(r, '*')
	if err != nil {
		return nil, err
	}
	words := make(request, n)
	for i := range words {
		size, err := readCount(r, '$')
		if err != nil {
			return nil, err
		}
		words[i] = make([]byte, size)
		if _, err := io.ReadFull(r, words[i]); err != nil {
			return nil, err
		}
		if _, err := r.Discard(2); err != nil {
			return nil, err
		}
	}
	return words, nil
}

func readCount(r *bufio.Reader, kind byte) (int, error) {
	line, err := r.ReadBytes('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 4 || line[0] != kind {
		return 0, errProtocol
	}
	return strconv.Atoi(string(line[1 : len(line)-2]))
}

// bytes is the request as it is sent, with a text in the place of another.
func (r request) bytes(old, new string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "*%d\r\n", len(r))
	for _, word := range r {
		word = bytes.ReplaceAll(word, []byte(old), []byte(new))
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(word), word)
	}
	return b.Bytes()
}

func (r request) has(text string) bool {
	for _, word := range r {
		if bytes.Contains(word, []byte(text)) {
			return true
		}
	}
	return false
}

func (r request) is(command string) bool { return bytes.EqualFold(r[0], []byte(command)) }

// skipReply reads one reply and says whether it was an error.
func skipReply(r *bufio.Reader) (failed error, err error) {
	line, err := r.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	if len(line) < 3 {
		return nil, errProtocol
	}
	text := string(line[1 : len(line)-2])
	switch line[0] {
	case '-':
		return errors.New(text), nil
	case '$':
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return nil, err
		}
		_, err = r.Discard(n + 2)
		return nil, err
	case '*':
		n, err := strconv.Atoi(text)
		for ; n > 0 && err == nil; n-- {
			var inner error
			inner, err = skipReply(r)
			failed = errors.Join(failed, inner)
		}
		return failed, err
	}
	return nil, nil // a number or a word
}
