package check

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/edit"
)

var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("report.json")
})

// validate holds a report as it is written against the schema.
func validate(t *testing.T, report []byte) error {
	t.Helper()
	s, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(report))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

func written(t *testing.T, r Report) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheReportOfEveryDocumentFollowsTheSchema(t *testing.T) {
	catalogue, err := docspec.Load()
	if err != nil {
		t.Fatal(err)
	}
	documents, _ := catalogue.Search(docspec.Query{Limit: math.MaxInt})
	for _, d := range documents {
		in := good(t, d.ID)
		in.Photo.Background.ShadowAt = nil
		if err := validate(t, written(t, Assess(in))); err != nil {
			t.Errorf("%s: %v", d.ID, err)
		}
		in.Settings = edit.Settings{Brightness: 4}
		in.MoveCut, in.Photo.Replaced, in.Traits = true, true, Traits{Sharpness: math.NaN(), Light: Light{Mean: math.NaN()}}
		if err := validate(t, written(t, Assess(in))); err != nil {
			t.Errorf("%s, nothing as it should be: %v", d.ID, err)
		}
	}
}

func TestTheSchemaKnowsEveryWordAndNoOther(t *testing.T) {
	for _, c := range []Check{
		{Stage: Original, Outcome: Pass, Unit: Millimetres, Certainty: docspec.Official},
		{Stage: Finished, Outcome: Warn, Unit: Pixels, Certainty: docspec.Secondary},
		{Stage: Finished, Outcome: Fail, Unit: Percent, Certainty: docspec.Baseline},
		{Stage: Finished, Outcome: NotAssessed, Unit: Kilobytes, Certainty: docspec.Own},
		{Stage: Finished, Outcome: Declared, Unit: Degrees},
		{Stage: Finished, Outcome: Declared, Unit: Bits},
		{Stage: Finished, Outcome: Declared, Unit: Days},
		{Stage: Finished, Outcome: Declared, Unit: DeltaE},
		{Stage: Finished, Outcome: Declared, Unit: Ratio},
	} {
		r := Assess(good(t, "us-passport"))
		c.Name, c.Advice = HeadHeight, "advice"
		r.Checks = append(r.Checks, c)
		for _, r.Verdict = range []Verdict{ReadyToSubmit, SubmitWithCare, TakeAnother} {
			if err := validate(t, written(t, r)); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
		}
	}
	right := string(written(t, Assess(good(t, "us-passport"))))
	for _, tt := range []struct{ name, old, new string }{
		{"another version", `"version":2`, `"version":1`},
		{"an unknown verdict", `"ready_to_submit"`, `"perfect"`},
		{"an unknown outcome", `"outcome":"pass"`, `"outcome":"passed"`},
		{"an unknown stage", `"stage":"original"`, `"stage":"first"`},
		{"an unknown unit", `"unit":"mm"`, `"unit":"in"`},
		{"an unknown field of a check", `"binding":true`, `"binding":true,"file":"me.jpg"`},
		{"an unknown field", `"version":2`, `"version":2,"key":"x"`},
		{"a check without a value", `"value":`, `"valu":`},
		{"no questions", `"questions":[]`, `"questions":null`},
		{"a guide that is missing", `"chin_mm"`, `"chin"`},
	} {
		spoilt := strings.Replace(right, tt.old, tt.new, 1)
		if spoilt == right {
			t.Fatalf("a report no longer holds %s", tt.old)
		}
		if validate(t, []byte(spoilt)) == nil {
			t.Errorf("the schema takes %s", tt.name)
		}
	}
}
