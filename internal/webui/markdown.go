package webui

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

// html turns Markdown into HTML, with anchors where {#anchor} stands behind a
// heading. What is HTML already is left out.
func html(markdown string) (template.HTML, error) {
	m := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithHeadingAttribute()))
	var b bytes.Buffer
	if err := m.Convert([]byte(markdown), &b); err != nil {
		return "", fmt.Errorf("markdown: %w", err)
	}
	return template.HTML(b.String()), nil // #nosec G203 -- goldmark escapes, and lets no HTML through
}
