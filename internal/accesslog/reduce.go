package accesslog

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mileusna/useragent"
)

// other stands for what is not on a list.
const other = "other"

// program names browser and operating system. Names must be known ones: the
// library repeats words of the user agent that it does not know.
func program(userAgent string) (browser, os string) {
	if userAgent == "" {
		return "", ""
	}
	ua := useragent.Parse(userAgent[:min(len(userAgent), 400)])
	browser, os = other, other
	if slices.Contains(browsers(), ua.Name) {
		browser = ua.Name
		if v := ua.VersionNo.Major; v > 0 && v < 1000 {
			browser += " " + strconv.Itoa(v)
		}
	}
	if slices.Contains(systems(), ua.OS) {
		os = ua.OS
	}
	return browser, os
}

func browsers() []string {
	return []string{
		useragent.Chrome, useragent.HeadlessChrome, useragent.Firefox, useragent.Safari, useragent.MobileSafari,
		useragent.Edge, useragent.Opera, useragent.OperaMini, useragent.OperaTouch, useragent.Vivaldi,
		useragent.SamsungBrowser, useragent.InternetExplorer, useragent.FacebookApp, useragent.InstagramApp,
		useragent.TiktokApp, useragent.Googlebot, useragent.Bingbot, useragent.Applebot, useragent.YandexBot, "curl",
	}
}

func systems() []string {
	return []string{
		useragent.Windows, useragent.WindowsPhone, useragent.Android, useragent.MacOS, useragent.IOS,
		useragent.Linux, useragent.FreeBSD, useragent.ChromeOS, useragent.BlackBerry, useragent.Harmony,
	}
}

var originPattern = regexp.MustCompile(`^https?://[a-z0-9.:\[\]-]{1,100}$`)

// origin is all that is kept of the address of the page that led here; empty for
// none and for what is no address of the web.
func origin(referrer string) string {
	u, err := url.Parse(referrer)
	if err != nil {
		return ""
	}
	o := strings.ToLower(u.Scheme + "://" + u.Host)
	if !originPattern.MatchString(o) {
		return ""
	}
	return o
}

// words are the values of settings that are words; any other value must be a
// small number.
func words() []string {
	return []string{"pdf", "jpeg", "png", "a4", "letter", "10x15", "13x18", "4x6", "custom", "fill"}
}

var numberPattern = regexp.MustCompile(`^[0-9]{1,4}$`)

// settings keeps of a query what can only be a setting: listed names with listed
// words or small numbers. Whatever else stands there, the search for a document
// included, is a person's own words, or a key in the wrong place.
func settings(query string) string {
	if query == "" {
		return ""
	}
	asked, _ := url.ParseQuery(query) // what it can't read it leaves out
	kept := url.Values{}
	for _, name := range []string{"format", "paper", "dpi", "copies", "download", "limit", "width_mm", "height_mm"} {
		if v := asked.Get(name); slices.Contains(words(), v) || numberPattern.MatchString(v) {
			kept.Set(name, v)
		}
	}
	return kept.Encode()
}
