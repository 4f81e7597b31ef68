package sqlstore_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// baselines are the migrations with which the rule began: those up to them were never
// run beside an older version.
var baselines = map[string]string{
	"migrations": "00023", "../keyring/migrations": "00008",
}

// contracting are statements that take something away from a program of the version
// before: what it reads or writes, or its freedom to write as it does.
var contracting = map[string]*regexp.Regexp{
	"it drops something":                        regexp.MustCompile(`\bDROP\s+(TABLE|COLUMN|VIEW|DEFAULT)\b`),
	"it renames something":                      regexp.MustCompile(`\bRENAME\b`),
	"it changes a column's type":                regexp.MustCompile(`\bALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE\b`),
	"it forbids NULL":                           regexp.MustCompile(`\bSET\s+NOT\s+NULL\b`),
	"it adds a unique index to an old table":    regexp.MustCompile(`\bCREATE\s+UNIQUE\s+INDEX\b`),
	"it adds a constraint":                      regexp.MustCompile(`\bADD\s+(CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN)\b`),
	"it adds a column that must be given":       regexp.MustCompile(`\bADD\s+(COLUMN\s+)?\w+\s[^,;]*\bNOT\s+NULL\b`),
	"it takes rows from under running programs": regexp.MustCompile(`\b(DELETE\s+FROM|TRUNCATE)\b`),
}

var (
	comment  = regexp.MustCompile(`--[^\n]*`)
	promised = regexp.MustCompile(`(?m)^-- contract: unused since \d+\.\d+\.\d+$`)
	created  = regexp.MustCompile(`\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)`)
	onTable  = regexp.MustCompile(`\b(?:ON|TABLE|INTO|FROM|UPDATE)\s+(\w+)`)
)

// takesAway says what a migration takes away from the version before; nothing if it says
// since when nobody uses that.
func takesAway(migration string) (what []string) {
	up, _, _ := strings.Cut(migration, "-- +goose Down")
	if promised.MatchString(up) {
		return nil
	}
	up = strings.ToUpper(comment.ReplaceAllString(up, ""))
	own := map[string]bool{}
	for _, table := range created.FindAllStringSubmatch(up, -1) {
		own[table[1]] = true
	}
	for statement := range strings.SplitSeq(up, ";") {
		if table := onTable.FindStringSubmatch(statement); table != nil && own[table[1]] {
			continue // which no program before knows
		}
		for says, pattern := range contracting {
			if found := pattern.FindString(statement); found != "" && (!strings.HasPrefix(found, "ADD") || !strings.Contains(statement, "DEFAULT")) {
				what = append(what, says)
			}
		}
	}
	return what
}

func TestMigrationsLeaveTheVersionBeforeWhatItUses(t *testing.T) {
	for dir, baseline := range baselines {
		files, err := filepath.Glob(filepath.Join(dir, "*.sql"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if name := filepath.Base(file); name[:5] > baseline {
				for _, what := range takesAway(string(content)) {
					t.Errorf("%s: %s; see docs/upgrading.md", file, what)
				}
			}
		}
	}
}

func TestTheRuleForMigrationsKnowsWhatBreaksAnOldProgram(t *testing.T) {
	for statement, breaks := range map[string]bool{
		"CREATE TABLE a (b TEXT NOT NULL); CREATE UNIQUE INDEX a_b ON a (b); DROP TABLE a": false,
		"ALTER TABLE photos ADD COLUMN note TEXT":                                          false,
		"ALTER TABLE photos ADD COLUMN note TEXT NOT NULL DEFAULT ''":                      false,
		"CREATE INDEX photos_note ON photos (note)":                                        false,
		"UPDATE photos SET note = ''":                                                      false,
		"DROP INDEX photos_note":                                                           false,
		"-- DROP TABLE photos\nALTER TABLE photos ADD COLUMN note TEXT":                    false,
		"-- contract: unused since 1.4.0\nALTER TABLE photos DROP COLUMN note":             false,
		"-- contract: unused since long ago\nALTER TABLE photos DROP COLUMN note":          true,
		"drop table photos":                                        true,
		"ALTER TABLE photos DROP COLUMN note":                      true,
		"ALTER TABLE photos RENAME COLUMN note TO remark":          true,
		"ALTER TABLE photos RENAME TO pictures":                    true,
		"ALTER TABLE photos ALTER COLUMN note TYPE BIGINT":         true,
		"ALTER TABLE photos ALTER COLUMN note SET NOT NULL":        true,
		"ALTER TABLE photos ADD COLUMN note TEXT NOT NULL":         true,
		"ALTER TABLE photos ADD COLUMN note TEXT\n   NOT NULL":     true,
		"ALTER TABLE photos ADD CONSTRAINT c CHECK (note <> '')":   true,
		"CREATE UNIQUE INDEX photos_note ON photos (note)":         true,
		"DELETE FROM photos WHERE note = ''":                       true,
		"CREATE TABLE a (b TEXT);\nALTER TABLE photos RENAME TO c": true,
	} {
		if what := takesAway("-- +goose Up\n" + statement + ";\n-- +goose Down\nDROP TABLE a;\n"); (len(what) > 0) != breaks {
			t.Errorf("%s: %v", statement, what)
		}
	}
}
