package testservers

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// KeyService speaks as much of the interfaces of AWS KMS and of Vault's transit
// engine as encrypting and decrypting takes. It is no real server: those that
// exist need an account or a licence.
type KeyService struct {
	http  *httptest.Server
	mu    sync.Mutex
	keys  map[string]cipher.AEAD
	calls map[string]int
	first func()
	down  int // calls that are still to be answered with 503; negative for all
}

// StartKeyService starts one, for the test, and sets in the environment what
// its clients read there.
func StartKeyService(t testing.TB) *KeyService {
	t.Helper()
	s := &KeyService{keys: map[string]cipher.AEAD{}, calls: map[string]int{}, first: func() {}}
	s.http = httptest.NewServer(s)
	t.Cleanup(s.http.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", s3User)
	t.Setenv("AWS_SECRET_ACCESS_KEY", s3Secret)
	t.Setenv("VAULT_ADDR", s.http.URL)
	t.Setenv("VAULT_TOKEN", "test-token")
	return s
}

// AWS is the URL of a key, as of AWS KMS.
func (s *KeyService) AWS(key string) string {
	query := url.Values{"region": {"us-east-1"}, "endpoint": {s.http.URL}}
	return "awskms:///" + key + "?" + query.Encode()
}

// Vault is the URL of a key, as of Vault.
func (s *KeyService) Vault(key string) string { return "hashivault://" + key }

// Fail has the next calls fail; negative: all. 0 ends that.
func (s *KeyService) Fail(calls int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = calls
}

// BeforeDecrypting has f called before anything is decrypted.
func (s *KeyService) BeforeDecrypting(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.first = f
}

// Calls is how often something was asked, "encrypt" or "decrypt", with success.
func (s *KeyService) Calls(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[what]
}

// ServeHTTP answers either interface.
func (s *KeyService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != 0 {
		s.down = max(s.down-1, -1)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	var asked struct{ KeyId, Plaintext, CiphertextBlob, Ciphertext string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var answer any
	var err error
	if call, ok := strings.CutPrefix(r.URL.Path, "/v1/transit/"); ok {
		what, key, _ := strings.Cut(call, "/")
		answer, err = s.vault(what, key, asked.Plaintext, asked.Ciphertext)
	} else {
		answer, err = s.aws(r.Header.Get("X-Amz-Target"), asked.KeyId, asked.Plaintext, asked.CiphertextBlob)
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]any{"__type": "InvalidCiphertextException", "errors": []string{err.Error()}}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *KeyService) vault(what, key, plain, sealed string) (any, error) {
	data := map[string]string{}
	var err error
	if what == "encrypt" {
		data["ciphertext"], err = s.seal(key, plain)
		data["ciphertext"] = "vault:v1:" + data["ciphertext"]
	} else {
		data["plaintext"], err = s.open(key, strings.TrimPrefix(sealed, "vault:v1:"))
	}
	return map[string]any{"data": data}, err
}

// aws puts the key's name before what it sealed: to decrypt nobody names it.
func (s *KeyService) aws(target, key, plain, sealed string) (any, error) {
	if target == "TrentService.Encrypt" {
		sealed, err := s.seal(key, plain)
		return map[string]string{"CiphertextBlob": base64.StdEncoding.EncodeToString([]byte(key + ":" + sealed))}, err
	}
	named, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, err
	}
	key, sealed, _ = strings.Cut(string(named), ":")
	plain, err = s.open(key, sealed)
	return map[string]string{"Plaintext": plain}, err
}

func (s *KeyService) seal(key, plain string) (string, error) {
	s.calls["encrypt"]++
	b, err := base64.StdEncoding.DecodeString(plain)
	if s.keys[key] == nil && err == nil {
		s.keys[key], err = newAEAD()
	}
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(s.keys[key].Seal(nil, nil, b, nil)), nil // #nosec G407 -- it adds a random nonce itself
}

func (s *KeyService) open(key, sealed string) (string, error) {
	s.first()
	s.calls["decrypt"]++
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err == nil && s.keys[key] == nil {
		err = errors.New("no such key")
	}
	if err != nil {
		return "", err
	}
	plain, err := s.keys[key].Open(nil, nil, b, nil)
	return base64.StdEncoding.EncodeToString(plain), err
}

func newAEAD() (cipher.AEAD, error) {
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
