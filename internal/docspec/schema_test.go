package docspec

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryDataFileFollowsTheSchema(t *testing.T) {
	s := schema(t)
	files, err := fs.Glob(data, "data/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		raw, err := data.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := s.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if country, _ := value.(map[string]any)["country"].(string); "data/"+strings.ToLower(country)+".json" != name {
			t.Errorf("%s holds the documents of %s", name, country)
		}
	}
}

func TestNoSourceIsListedThatNothingCites(t *testing.T) {
	files, err := fs.Glob(data, "data/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		var c country
		raw, _ := data.ReadFile(name)
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		cited := map[string]bool{}
		for _, d := range c.Documents {
			for _, source := range d.cited() {
				cited[source] = true
			}
		}
		for source := range c.Sources {
			if !cited[source] {
				t.Errorf("%s: nothing cites %s", name, source)
			}
		}
	}
}

func TestTheSchemaRefusesWhatADataFileMustNotHold(t *testing.T) {
	s := schema(t)
	raw, err := os.ReadFile("data/nl.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, old, new string }{
		{"a fact without a source", `"value": 400, "source": "rijksoverheid"`, `"value": 400`},
		{"a date that is none", `2026-10-12`, `2026-13-12`},
		{"a baseline that the data claims to have read", `"official"`, `"baseline"`},
		{"an unknown kind", `"kind": "visa"`, `"kind": "viza"`},
		{"an unknown field", `"expression"`, `"facial_expression"`},
		{"a misspelt age band", `"6_10"`, `"6-10"`},
		{"a country in small letters", `"NL"`, `"nl"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			spoilt := strings.Replace(string(raw), tt.old, tt.new, 1)
			if spoilt == string(raw) {
				t.Fatalf("the file no longer holds %s", tt.old)
			}
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(spoilt))
			if err != nil {
				t.Fatal(err)
			}
			if s.Validate(value) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}
