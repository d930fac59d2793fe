"""Does a key's successor reach its couples, and a lesser key only what it may, through the real gateway?"""

from pydantic import SecretStr

from tests.broker.api_kit import KEY, ONE_LOOP, Api, ready, serving
from threedates.edge.apikeys import entry, key_id
from threedates.edge.settings import Settings

pytestmark = ONE_LOOP


async def test_a_successor_reaches_the_couples_and_lesser_keys_what_they_may(api: Api) -> None:
    """The key they joined with is not among the settings any more."""
    couple, other = await api.join(), await api.join()
    owner = key_id(KEY)
    keys = "\n".join(
        (entry("next", owner), entry("reader", owner, "read"), entry("theirs", owner, f"couple:{couple}"), "stranger")
    )
    settings = Settings(**{**api.settings.model_dump(), "api_keys": SecretStr(keys)})
    async with serving(settings) as (_, http):
        await ready(http)
        here = Api(settings, api.wire, http)
        snooze = {"kind": "all", "until": None, "by": "sam"}
        for path in (f"/couples/{couple}", f"/couples/{other}"):
            await here.call("GET", path, key="next", expect=200)
            await here.call("GET", path, key="reader", expect=200)
            await here.call("GET", path, key="stranger", expect=404)
            await here.call("GET", path, key=KEY, expect=401)
        await here.call("GET", f"/couples/{couple}", key="theirs", expect=200)
        assert await here.problem("GET", f"/couples/{other}", key="theirs", expect=403) == ("forbidden", "")
        refused = await here.problem("POST", f"/couples/{couple}/snooze", snooze, key="reader", expect=403)
        assert refused == ("forbidden", "")
        check_in = {"partner": "sam", "mood": 4}
        await here.call("POST", f"/couples/{couple}/check-ins", check_in, key="theirs", expect=202)
