package docspec

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
)

//go:embed data/*.json
var data embed.FS

// ErrUnknown is the answer where no document of that ID is in the catalogue.
var ErrUnknown = errors.New("no such document")

// Catalogue holds every document, in the order of their IDs.
type Catalogue struct {
	specs     []Spec
	words     [][]string            // that find each document, in the same order
	countries map[string]vocabulary // the names of each country, by code
}

// Load reads the embedded catalogue. An error means that this build's data is
// wrong.
func Load() (*Catalogue, error) {
	files, err := fs.Glob(data, "data/*.json")
	if err != nil {
		return nil, fmt.Errorf("list the catalogue: %w", err)
	}
	c := &Catalogue{}
	for _, name := range files {
		specs, err := readCountry(name)
		if err != nil {
			return nil, fmt.Errorf("catalogue file %s: %w", name, err)
		}
		c.specs = append(c.specs, specs...)
	}
	sort.Slice(c.specs, func(i, j int) bool { return c.specs[i].ID < c.specs[j].ID })
	c.index()
	return c, nil
}

func (c *Catalogue) index() {
	c.countries = map[string]vocabulary{}
	for _, s := range c.specs {
		if _, known := c.countries[s.Country]; !known {
			c.countries[s.Country] = vocabularyOf(s)
		}
		c.words = append(c.words, wordsOf(s))
	}
}

// country is the shape of a data file: the country and its sources are said
// once for all its documents.
type country struct {
	Country     string            `json:"country"`
	CountryName string            `json:"country_name"`
	Sources     map[string]Source `json:"sources"`
	Documents   []Spec            `json:"documents"`
}

func readCountry(name string) ([]Spec, error) {
	raw, err := data.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var c country
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return nil, err
	}
	for i := range c.Documents {
		s := &c.Documents[i]
		s.Country, s.CountryName = c.Country, c.CountryName
		s.fillIn()
		s.citeSources(c.Sources)
		if !strings.HasPrefix(s.ID, strings.ToLower(c.Country)+"-") {
			return nil, fmt.Errorf("document %q does not begin with its country", s.ID)
		}
		if err := s.validate(); err != nil {
			return nil, fmt.Errorf("document %s: %w", s.ID, err)
		}
	}
	return c.Documents, nil
}

// Find returns the document of the ID, or ErrUnknown; for a size of one's own a
// FieldError if it can't be.
func (c *Catalogue) Find(id string) (Spec, error) {
	if strings.HasPrefix(id, customPrefix) {
		return parseCustom(id)
	}
	i := sort.Search(len(c.specs), func(i int) bool { return c.specs[i].ID >= id })
	if i == len(c.specs) || c.specs[i].ID != id {
		return Spec{}, ErrUnknown
	}
	return c.specs[i], nil
}
