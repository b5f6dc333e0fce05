# ruff: noqa: E501 - wide letters
"""Large cities, to tell a place from a firm on one line. A city that is missing costs a mark, no finding."""

from __future__ import annotations

_NAMES = """
london berlin paris madrid rome roma milan milano munich münchen hamburg köln cologne frankfurt stuttgart
leipzig dresden düsseldorf nürnberg hannover bremen wien vienna zürich zurich geneva genève bern basel
graz linz salzburg amsterdam rotterdam utrecht eindhoven delft brussels bruxelles brussel antwerp
antwerpen gent luxembourg lyon marseille toulouse nantes bordeaux lille nice rennes strasbourg grenoble
montpellier barcelona valencia sevilla seville bilbao málaga zaragoza lisboa lisbon porto braga coimbra
torino turin bologna napoli naples firenze florence genova padova verona warszawa warsaw kraków krakow
wrocław wroclaw gdańsk gdansk poznań poznan łódź lodz katowice praha prague brno bratislava budapest
bucharest bucurești cluj sofia belgrade beograd zagreb ljubljana athens athína thessaloniki istanbul
i̇stanbul ankara izmir i̇zmir bursa antalya kyiv київ kiev lviv львів kharkiv харків odesa одеса дніпро
dnipro москва moscow санкт-петербург новосибирск казань екатеринбург минск minsk vilnius riga tallinn
helsinki espoo tampere stockholm göteborg gothenburg malmö oslo bergen copenhagen københavn aarhus
reykjavik dublin cork galway belfast edinburgh glasgow manchester birmingham leeds bristol cambridge
oxford sheffield liverpool cardiff nottingham brighton reading new_york nyc brooklyn boston chicago
seattle austin dallas houston denver portland san_francisco san_jose san_diego los_angeles oakland
palo_alto mountain_view sunnyvale atlanta miami tampa orlando phoenix philadelphia pittsburgh washington
washington_dc baltimore raleigh durham charlotte nashville detroit minneapolis columbus cleveland
st._louis kansas_city salt_lake_city las_vegas sacramento toronto vancouver montreal montréal ottawa
calgary edmonton québec quebec halifax winnipeg mexico_city ciudad_de_méxico guadalajara monterrey bogotá
bogota medellín medellin lima quito santiago buenos_aires córdoba rosario montevideo são_paulo sao_paulo
rio_de_janeiro curitiba belo_horizonte recife porto_alegre florianópolis campinas tokyo osaka kyoto
fukuoka nagoya yokohama sapporo 東京 大阪 京都 福岡 名古屋 横浜 札幌 東京都 大阪府 大阪市 seoul busan incheon 서울 부산 인천 대전 판교
beijing shanghai shenzhen guangzhou hangzhou chengdu nanjing wuhan 北京 上海 深圳 广州 杭州 成都 南京 武汉 taipei 台北
hong_kong singapore kuala_lumpur penang jakarta bandung manila bangkok hanoi ho_chi_minh_city da_nang
bangalore bengaluru mumbai delhi new_delhi hyderabad chennai pune kolkata gurgaon noida karachi lahore
islamabad dhaka colombo kathmandu dubai abu_dhabi doha riyadh tel_aviv haifa jerusalem cairo casablanca
tunis lagos abuja nairobi accra cape_town johannesburg sydney melbourne brisbane perth adelaide auckland
wellington
"""

CITIES = frozenset(name.replace("_", " ") for name in _NAMES.split())
