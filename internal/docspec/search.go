package docspec

import (
	"cmp"
	"slices"
	"strings"
)

// Query narrows a listing; an empty field narrows nothing. Every word of Text
// has to be in the document's ID, name, kind or country, or begin a word there;
// where no document has all of them, words with a typo count too. Country is an
// ISO 3166-1 alpha-2 code or a name in any language we know. The listing starts
// after the document of the ID After.
type Query struct {
	Text    string
	Country string
	Kind    Kind
	After   string
	Limit   int
}

// Search returns the documents that match, the best match first and in the order
// of their IDs among equals, and whether more follow. The order is the same for
// every page, for it depends on the catalogue and the query alone. Nothing
// follows an ID that the listing does not hold.
func (c *Catalogue) Search(q Query) (found []Spec, more bool) {
	ranked := c.rank(q)
	if q.After != "" {
		at := slices.IndexFunc(ranked, func(i int) bool { return c.specs[i].ID == q.After })
		if at < 0 {
			return nil, false
		}
		ranked = ranked[at+1:]
	}
	if len(ranked) > q.Limit {
		ranked, more = ranked[:q.Limit], true
	}
	for _, i := range ranked {
		found = append(found, c.specs[i])
	}
	return found, more
}

// rank lists the places of matching documents in c.specs, best first. Typos
// count only where nothing matches without them.
func (c *Catalogue) rank(q Query) []int {
	for _, typos := range []bool{false, true} {
		m := newMatcher(q.Text, typos)
		var meant map[string]bool
		if q.Country != "" {
			meant = c.countriesCalled(q.Country, typos)
		}
		costs := make([]int, len(c.specs))
		var ranked []int
		for i, s := range c.specs {
			if q.Kind != "" && q.Kind != s.Kind || q.Country != "" && !meant[s.Country] {
				continue
			}
			if cost := m.cost(s.Country, c.words[i], c.countries[s.Country]); cost < missing {
				costs[i], ranked = cost, append(ranked, i)
			}
		}
		if len(ranked) > 0 {
			slices.SortStableFunc(ranked, func(a, b int) int { return cmp.Compare(costs[a], costs[b]) })
			return ranked
		}
	}
	return nil
}

// countriesCalled finds the countries that a code or name stands for: several
// only where it fits them equally well.
func (c *Catalogue) countriesCalled(name string, typos bool) map[string]bool {
	m := newMatcher(name, typos)
	meant, best := map[string]bool{}, missing
	for code, v := range c.countries {
		if strings.EqualFold(strings.TrimSpace(name), code) {
			return map[string]bool{code: true}
		}
		switch cost := m.cost(code, v.strong, v); {
		case cost < best:
			meant, best = map[string]bool{code: true}, cost
		case cost == best && cost < missing:
			meant[code] = true
		}
	}
	return meant
}

// matcher holds one text against documents or countries.
type matcher struct {
	text  []string
	typos bool
	known map[string]int // what a country's foreign names cost a word
}

func newMatcher(text string, typos bool) matcher {
	return matcher{text: words(text), typos: typos, known: map[string]int{}}
}

// What a word that is found costs; a typo costs more than either.
const (
	same     = 0
	foreign  = 1
	begins   = 2
	mistyped = 10
	missing  = 1 << 16
)

// cost is how far the text is from the words of a document and the foreign
// names of its country; missing or more where a word is not there.
func (m *matcher) cost(code string, own []string, country vocabulary) (cost int) {
	for _, word := range m.text {
		cost += min(m.wordCost(word, own, same), m.foreignCost(word, code, country))
	}
	return cost
}

// foreignCost is remembered: a country's documents share its names.
func (m *matcher) foreignCost(word, country string, v vocabulary) int {
	key := country + " " + word
	cost, ok := m.known[key]
	if !ok {
		cost = m.wordCost(word, v.weak, foreign)
		m.known[key] = cost
	}
	return cost
}

// wordCost is what the nearest of the words costs; whole is the cost of one that
// is the same.
func (m *matcher) wordCost(word string, among []string, whole int) int {
	best := missing
	allowed := 0
	if m.typos {
		allowed = typosAllowed(word)
	}
	for _, w := range among {
		switch {
		case w == word:
			return whole
		case len(word) > 2 && strings.HasPrefix(w, word):
			best = min(best, whole+begins)
		case allowed > 0:
			if d := distance(word, w, allowed); d <= allowed {
				best = min(best, mistyped*d+whole)
			}
		}
	}
	return best
}
