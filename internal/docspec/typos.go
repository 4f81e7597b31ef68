package docspec

import "unicode/utf8"

// typosAllowed is how many letters of a word may be wrong: in a short word one
// letter makes another word.
func typosAllowed(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n <= 3:
		return 0
	case n <= 6:
		return 1
	}
	return 2
}

// longestWord is how many letters of a word are compared.
const longestWord = 32

// distance is the number of letters to insert, drop, replace or swap with their
// neighbour to turn a into b (optimal string alignment); anything above most
// says only that it is more.
func distance(a, b string, most int) int {
	if n := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); n > most || -n > most {
		return most + 1
	}
	var letters [2][longestWord]rune
	x, y := runes(&letters[0], a), runes(&letters[1], b)
	var rows [3][longestWord + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}

func runes(into *[longestWord]rune, word string) []rune {
	n := 0
	for _, r := range word {
		if n == longestWord {
			break
		}
		into[n] = r
		n++
	}
	return into[:n]
}
