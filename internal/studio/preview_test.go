package studio

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
)

func TestAPreviewBringsAReportAndNothingElse(t *testing.T) {
	for _, tt := range []struct {
		name, order string
		job         pipeline.Job
		died        bool
	}{
		{"a report of a preview", "preview", pipeline.Job{Preview: true}, false},
		{"a photo of a preview", "develop", pipeline.Job{Preview: true}, true},
		{"a report in place of a photo", "preview", pipeline.Job{}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, _ := startPool(t, nil)
			r, err := p.Develop(context.Background(), tt.job, Given{Original: strings.NewReader(tt.order)}, func(photo.Step) {})
			if errors.Is(err, ErrDied) != tt.died || err != nil && !tt.died {
				t.Errorf("the error is: %v", err)
			}
			if !tt.died && string(r.Report) != "{}" {
				t.Errorf("the report is %s", r.Report)
			}
		})
	}
}
