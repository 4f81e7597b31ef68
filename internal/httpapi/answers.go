package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/edit"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
)

// maxAnswers is far more than all answers take.
const maxAnswers = 4 << 10

// answersForm takes the answers that a person gives on the photo's page: the same
// edit as PATCH with declared, and then the page again.
func (a *API) answersForm(c *gin.Context) {
	p, err := a.open(c.Request.Context(), visitorOf(c.Request, c.Param("id")))
	if err != nil {
		a.problemPage(c, err)
		return
	}
	form, err := formOf(c, maxAnswers)
	if err != nil {
		a.problemPage(c, brokenAnswers())
		return
	}
	declared, err := answersIn(form)
	if err != nil {
		a.problemPage(c, err)
		return
	}
	change := intake.Change{Settings: edit.Change{Declared: declared}}
	if _, err := a.Intake.Revise(c.Request.Context(), p, change); err != nil {
		a.problemPage(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, pagePath(p.ID))
}

func brokenAnswers() *Problem {
	return problem(http.StatusUnprocessableEntity, "invalid_answers", "These answers are none that the page asks for. Go back to the photo's page and answer there.")
}

// answersIn reads a form by the rules that the API has for the same answers.
func answersIn(form url.Values) (edit.Declarations, error) {
	fields := map[string]any{}
	for name, values := range form {
		fields[name] = values[0]
	}
	if errs := huma.NewModelValidator().Validate(reflect.TypeFor[declaredBody](), fields); len(errs) > 0 {
		return edit.Declarations{}, brokenAnswers()
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return edit.Declarations{}, fmt.Errorf("read answers: %w", err)
	}
	var body declaredBody
	if err := json.Unmarshal(raw, &body); err != nil {
		return edit.Declarations{}, fmt.Errorf("read answers: %w", err)
	}
	return body.declarations(), nil
}
