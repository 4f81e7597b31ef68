package config

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // machines need not have time zones installed

	"github.com/passportphotogenie/passportphotogenie/internal/email"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// Controller is what the privacy policy tells of who runs the service.
func (c Config) Controller() policy.Controller {
	return policy.Controller{
		Name: c.ControllerName, Address: c.ControllerAddress, Email: c.PrivacyEmail, ShineTheLight: c.ShineTheLightEmail,
		Representative: c.EURepresentative, Officer: c.DataProtection, Authority: c.ComplaintAuthority,
	}
}

// PolicyFacts are what the privacy policy is filled with, but for the processors.
func (c Config) PolicyFacts() (policy.Facts, error) {
	f := policy.Facts{Controller: c.Controller(), Statistics: c.AnalyticsScriptURL, Periods: map[retention.Name]retention.Period{}}
	for _, class := range retention.Classes() {
		var err error
		if f.Periods[class.Name], err = c.Kept(class.Name); err != nil {
			return f, err
		}
	}
	return f, nil
}

// TimeZone is the controller's.
func (c Config) TimeZone() (*time.Location, error) { return time.LoadLocation(c.ControllerTimeZone) }

// Site is the address under which people reach the service. In development that may be
// where it listens.
func (c Config) Site() string {
	if c.PublicURL != "" {
		return strings.TrimRight(c.PublicURL, "/")
	}
	return "http://" + c.HTTPAddr
}

var countryPattern = regexp.MustCompile(`^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$`)

// untellable finds what could not stand in the privacy policy, or not be used.
func (c Config) untellable() (problems []string) {
	for name, address := range map[string]string{"PRIVACY_EMAIL": c.PrivacyEmail, "SHINE_THE_LIGHT_EMAIL": c.ShineTheLightEmail} {
		if _, err := email.Parse(address); address != "" && err != nil {
			problems = append(problems, name+" is not an e-mail address: write just the address, such as privacy@photos.example")
		}
	}
	if c.ControllerCountry != "" && !countryPattern.MatchString(c.ControllerCountry) {
		problems = append(problems, "CONTROLLER_COUNTRY is not a country's code: write two letters, such as IE")
	}
	if _, err := c.TimeZone(); err != nil || strings.EqualFold(c.ControllerTimeZone, "local") {
		problems = append(problems, "CONTROLLER_TIME_ZONE is unknown: write a name such as Europe/Dublin")
	}
	if u, err := url.Parse(c.AnalyticsScriptURL); c.AnalyticsScriptURL != "" &&
		(err != nil || u.Scheme != "https" && u.Scheme != "http" || !hostPattern.MatchString(u.Host) || u.Path == "" || u.User != nil || u.Fragment != "") {
		problems = append(problems, "ANALYTICS_SCRIPT_URL is not the address of a script: write https://HOST/SCRIPT.js")
	}
	return problems
}

// hostPattern keeps out what would mean something else in a Content-Security-Policy.
var hostPattern = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)
