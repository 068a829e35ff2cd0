// One reading of the environment for every folder of a person's own.
import Formats
import Testing

@Suite struct UserFoldersTests {
  @Test(
    arguments: [
      (
        ["XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/k", "HOME": "/h"],
        ["/c/scant", "/d/scant", "/k/scant"]
      ),
      (
        ["XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "", "XDG_CACHE_HOME": "", "HOME": "/h"],
        ["/h/.config/scant", "/h/.local/share/scant", "/h/.cache/scant"]
      ),
      (
        ["XDG_CONFIG_HOME": "c", "XDG_DATA_HOME": "./d", "XDG_CACHE_HOME": "~/k", "HOME": "/h"],
        ["/h/.config/scant", "/h/.local/share/scant", "/h/.cache/scant"]
      ),
      (["HOME": "/h"], ["/h/.config/scant", "/h/.local/share/scant", "/h/.cache/scant"]),
    ] as [([String: String], [String])])
  func emptyAndRelativeVariablesCountAsUnset(environment: [String: String], expected: [String]) {
    let folders = UserFolders(environment)
    #expect([folders.configuration, folders.data, folders.cache].map(\.path) == expected)
  }

  @Test func homeIsFoundWithoutHOME() {
    for environment in [[:], ["HOME": ""], ["HOME": "relative"]] as [[String: String]] {
      let path = UserFolders(environment).cache.path
      #expect(path.hasPrefix("/") && path.hasSuffix("/.cache/scant"))
    }
  }

  @Test func stateHasItsOwnFolder() {
    #expect(UserFolders(["HOME": "/h"]).state.path == "/h/.local/state/scant")
    #expect(UserFolders(["HOME": "/h", "XDG_STATE_HOME": "/s"]).state.path == "/s/scant")
    #expect(UserFolders(["HOME": "/h"]).home.path == "/h")
  }

  @Test func scantVariablesMayBeRelative() {
    let folders = UserFolders(["SCANT_DATA": "data", "SCANT_WEIGHTS": ""])
    #expect(folders.named(by: "SCANT_DATA")?.lastPathComponent == "data")
    #expect(folders.named(by: "SCANT_WEIGHTS") == nil && folders.named(by: "SCANT_HOME") == nil)
  }
}
