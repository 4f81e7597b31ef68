package tasks

import (
	"encoding/json"
	"errors"
	"strings"
)

// Foreign stands for a payload that is none of ours.
const Foreign = "not shown: this is no entry of ours"

var errForeign = errors.New(Foreign)

// Describe is a payload as operators may see it: the IDs in it and nothing else, as
// JSON, or Foreign. A job has none.
func Describe(taskType string, payload []byte) string {
	ids, err := idsIn(taskType, payload)
	if err != nil {
		return Foreign
	}
	if ids == nil {
		return ""
	}
	b, err := json.Marshal(ids)
	if err != nil {
		return Foreign
	}
	return string(b)
}

// idsIn reads a payload as whoever does the work reads it.
func idsIn(taskType string, b []byte) (any, error) {
	switch taskType {
	case PhotoType:
		c, err := ParsePhoto(b)
		return payload{c.ID, c.Revision, c.Attempt}, err
	case PreviewType:
		id, err := ParsePreview(b)
		return previewPayload{id}, err
	case LetterType:
		c, err := ParseLetter(b)
		return letterPayload{c.ID, c.Try}, err
	case ArchiveType:
		id, err := ParseArchive(b)
		return archivePayload{id}, err
	case WebhookType:
		id, err := ParseWebhooks(b)
		return webhookPayload{id}, err
	}
	if strings.HasPrefix(taskType, JobType) && len(b) == 0 {
		return nil, nil
	}
	return nil, errForeign
}
