package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/operator"
)

// hashPassword makes an entry for OPERATORS. The password comes by the input,
// never as an argument, which other users of the machine could see.
func hashPassword(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 2 {
		return errors.New("hash-password wants a name and a role: bin/api hash-password desk-a officer")
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the password: %w", err)
	}
	entry, err := operator.Entry(args[0], args[1], strings.TrimRight(line, "\r\n"))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, entry)
	return err
}
