package config

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// variable is one line of the help.
type variable struct {
	name, fallback, doc string
	processes           []Process
}

func variables() []variable {
	var all []variable
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		v := variable{name: f.Tag.Get("env"), fallback: f.Tag.Get("envDefault") + f.Tag.Get("default"), doc: f.Tag.Get("doc"), processes: Processes()}
		if only := f.Tag.Get("for"); only != "" {
			v.processes = nil
			for name := range strings.SplitSeq(only, ",") {
				v.processes = append(v.processes, Process(name))
			}
		}
		all = append(all, v)
	}
	return all
}

// variableOf returns the variable that sets a field.
func variableOf(field string) string {
	if f, ok := reflect.TypeFor[Config]().FieldByName(field); ok {
		return f.Tag.Get("env")
	}
	return field
}

// Help writes every variable that the process reads, with its default and what
// it does.
func Help(w io.Writer, p Process) error {
	var b strings.Builder
	b.WriteString("All settings come from the environment:\n\n")
	for _, v := range variables() {
		if !slices.Contains(v.processes, p) {
			continue
		}
		fmt.Fprintf(&b, "  %s\n      %s.\n", v.name, v.doc)
		if v.fallback != "" {
			fmt.Fprintf(&b, "      Default: %s\n", v.fallback)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Page writes docs/configuration.md.
func Page(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# Configuration

All settings come from the environment; there are no configuration files. An
empty variable counts as unset. Relative paths start at the directory in which
the process is started.

A process that finds a setting wrong says which, and what to do, and does not
start. ` + "`bin/api -help`" + ` and its siblings print the part of this table that they read.

| variable | default | read by | meaning |
|---|---|---|---|
`)
	for _, v := range variables() {
		fallback := ""
		if v.fallback != "" {
			fallback = "`" + v.fallback + "`"
		}
		who := "all"
		if len(v.processes) < len(Processes()) {
			who = strings.Join(strings.Fields(strings.Trim(fmt.Sprint(v.processes), "[]")), ", ")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", v.name, fallback, who, v.doc)
	}
	b.WriteString(`
## What production refuses

With ` + "`ENVIRONMENT=production`" + ` a process does not start when

- ` + "`MASTER_KEY_URL`" + ` is not set, or names a file inside ` + "`BLOB_URL`" + `, as ` + "`OLD_MASTER_KEY_URLS`" + ` must not either;
- ` + "`SIGNING_KEY_URL`" + ` is not set, or names a file inside ` + "`BLOB_URL`" + ` (API and scheduler);
- ` + "`PUBLIC_URL`" + ` is not an https address (API and scheduler; TLS may end at a proxy in front);
- ` + "`OPERATORS`" + ` is not set;
- ` + "`CONTROLLER_NAME`, `CONTROLLER_ADDRESS`, `PRIVACY_EMAIL` or `SHINE_THE_LIGHT_EMAIL`" + ` is not set, which the privacy policy has to tell (API and scheduler);
- ` + "`ANALYTICS_SCRIPT_URL`" + ` is not an https address;
- ` + "`SMTP_URL`" + ` is not set (scheduler), or has ` + "`?tls=off`" + ` for another machine;
- ` + "`REDIS_URL`" + ` names another machine, Sentinels or a cluster without a password or TLS;
- ` + "`DATABASE_URL`" + ` or ` + "`KEYS_DATABASE_URL`" + ` names another machine with ` + "`sslmode=disable`" + `;
- ` + "`OTEL_EXPORTER_OTLP_ENDPOINT`" + ` is an http address of another machine;
- ` + "`OPS_ADDR`" + ` is reachable from other machines and ` + "`OPS_EXPOSED`" + ` is not ` + "`true`" + `;
- ` + "`PICTURE_LIFE`" + ` is under 48 hours, which the privacy policy promises (over 71 hours is refused everywhere).

SQLite and pictures on disk are allowed in production: they fit one machine.
`)
	_, err := io.WriteString(w, b.String())
	return err
}
