package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// cookieName is the cookie that holds a photo's key. Its path is the photo's,
// so a browser can hold several photos and shows each key only to its photo.
const cookieName = policy.KeyCookie

// Visitor is whoever asks for a photo, as huma reads it from the request; huma
// fills embedded structs only when they are exported.
type Visitor struct {
	ID            string `path:"id" doc:"the photo's ID" example:"mzsx6ytboa2dcmzsgq2dgnrugu"`
	Authorization string `header:"Authorization" hidden:"true"`
	Cookie        string `cookie:"photo_key" hidden:"true"`
}

// visitorOf reads the same from a plain request.
func visitorOf(r *http.Request, id string) Visitor {
	return Visitor{ID: id, Authorization: r.Header.Get("Authorization"), Cookie: cookieValue(r, cookieName)}
}

// key is the header's, or else the cookie's.
func (v Visitor) key() photo.Key {
	if k, ok := bearer(v.Authorization); ok {
		return photo.Key(k)
	}
	return photo.Key(v.Cookie)
}

func bearer(authorization string) (string, bool) {
	scheme, key, ok := strings.Cut(authorization, " ")
	return strings.TrimSpace(key), ok && strings.EqualFold(scheme, "Bearer")
}

// open returns the photo that the visitor's key opens, to do something with it. A
// photo that is stopped is refused.
func (a *API) open(ctx context.Context, v Visitor) (photo.Photo, error) {
	p, err := a.record(ctx, v)
	if err != nil {
		return photo.Photo{}, err
	}
	if err := p.Stopped(); err != nil {
		return photo.Photo{}, fmt.Errorf("open photo: %w", err)
	}
	return p, nil
}

// record is open for what goes on with a photo that is stopped: to see how it stands,
// and to restrict or erase it. Whether there is no such photo or the key is wrong,
// the answer is the same and takes the same work.
func (a *API) record(ctx context.Context, v Visitor) (photo.Photo, error) {
	id, valid := photo.ParseID(v.ID)
	if !valid {
		return photo.Photo{}, notFound()
	}
	p, err := a.Photos.Get(ctx, id)
	missing := errors.Is(err, photo.ErrNotFound)
	if err != nil && !missing {
		return photo.Photo{}, fmt.Errorf("open photo: %w", err)
	}
	opens := p.KeyHash.Opens(v.key()) // for a missing photo, against a hash no key has
	if missing || !opens || p.Status == photo.Receiving || p.Status == photo.Erasing {
		return photo.Photo{}, notFound()
	}
	if p.Expired(a.Now()) {
		return photo.Photo{}, expired()
	}
	return p, nil
}

// giveKey hands the key to the browser, for the API's addresses of the photo and
// for its page.
func giveKey(w http.ResponseWriter, id photo.ID, key photo.Key) {
	setKeyCookies(w, id, key.Reveal(), int(retention.PictureCeiling.Seconds()))
}

// takeKey makes the browser forget the key.
func takeKey(w http.ResponseWriter, id photo.ID) { setKeyCookies(w, id, "", -1) }

func setKeyCookies(w http.ResponseWriter, id photo.ID, value string, maxAge int) {
	for _, path := range []string{photoPath(id), pagePath(id)} {
		http.SetCookie(w, &http.Cookie{
			Name: cookieName, Value: value, Path: path, MaxAge: maxAge,
			HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode,
		})
	}
}

func photoPath(id photo.ID) string { return "/v1/photos/" + string(id) }

func pagePath(id photo.ID) string { return "/photos/" + string(id) }
